package dev.tandem.quickstart.cli;

import dev.tandem.quickstart.Quickstart;
import dev.tandem.quickstart.QuickstartOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "quickstart",
        description = "Start everything on this machine, train, promote, and print from what to what.",
        mixinStandardHelpOptions = true)
final class QuickstartCommand implements Callable<Integer> {
    @Mixin
    private RingOptions ring = new RingOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Corpus in BEIR layout, instead of the sources of six Java libraries; with --stay, corpus.jsonl alone will do.")
    private Optional<Path> data;

    @Option(
            names = "--init",
            paramLabel = "DIR",
            description =
                    "Checkpoint in the Hugging Face layout (BERT, RoBERTa, ...) to start from, instead of random weights.")
    private Optional<Path> init;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "9",
            description = "Training stops after N minutes at the latest (default: ${DEFAULT-VALUE}).")
    private int minutes;

    @Option(names = "--stay", description = "Keep all running, and training, after the table, until Ctrl-C.")
    private boolean stay;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Keep topics, checkpoints and logs in DIR, and go on from what is there.")
    private Optional<Path> keep;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting of a service, for example trainer.recipe.joint.steps=100; repeatable.")
    private Map<String, String> settings = Map.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (minutes < 1) {
            throw new ParameterException(spec.commandLine(), "Expected --minutes of 1 and more, got " + minutes);
        }
        QuickstartOptions options = new QuickstartOptions(
                ring.home(), data, init, Duration.ofMinutes(minutes), stay, keep, ring.seed(), ring.json(), settings);
        return quickstart(options).run();
    }

    private Quickstart quickstart(QuickstartOptions options) {
        try {
            return new Quickstart(options, ring.story(), ring.result(), Boolean.getBoolean("tandem.terminal"));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
