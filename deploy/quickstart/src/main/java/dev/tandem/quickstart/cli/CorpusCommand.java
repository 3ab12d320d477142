package dev.tandem.quickstart.cli;

import dev.tandem.quickstart.corpus.BeirDirectory;
import dev.tandem.quickstart.corpus.JavaCorpus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "corpus",
        description = "Write the quickstart's own corpus to a directory, in BEIR layout.",
        mixinStandardHelpOptions = true)
final class CorpusCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Where to write it.")
    private Path directory;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        JavaCorpus.Built built = JavaCorpus.build();
        new BeirDirectory(directory).write(built.corpus());
        out.printf(
                "%d passages, %d training and %d held-out queries in %s%n",
                built.corpus().passages().size(),
                built.corpus().train().size(),
                built.corpus().heldOut().size(),
                directory);
        out.printf(
                "From %d source files (%d do not parse). Left out: %d sentences that describe more than six methods,"
                        + " %d training queries that are nearly a held-out one.%n",
                built.files(), built.unreadableFiles(), built.repeatedSentences(), built.nearDuplicates());
        return 0;
    }
}
