package dev.tandem.quickstart.cli;

import dev.tandem.quickstart.Preparation;
import dev.tandem.quickstart.corpus.Corpus;
import dev.tandem.quickstart.ring.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "models",
        description =
                "Write small models with random weights, and a vocabulary learned from a corpus, for a trainer to start from.",
        mixinStandardHelpOptions = true)
final class ModelsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Where to write them.")
    private Path directory;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "${env:TANDEM_HOME:-.tandem}",
            description = "Directory that holds the quickstart's own corpus, or will (default: ${DEFAULT-VALUE}).")
    private Path home;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Corpus in BEIR layout to learn the vocabulary from, instead of the quickstart's own.")
    private Optional<Path> data;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of the weights (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Preparation preparation = new Preparation(Settings.quickstart(), out::println);
        Corpus corpus = data.isPresent() ? preparation.corpusOf(data.get()) : preparation.ownCorpus(home);
        preparation.randomModels(corpus, directory, seed);
        out.println("models to start from in " + directory);
        return 0;
    }
}
