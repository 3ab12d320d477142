package dev.tandem.quickstart.cli;

import dev.tandem.quickstart.drill.Drill;
import dev.tandem.quickstart.drill.DrillOptions;
import dev.tandem.quickstart.drill.FaultKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "drill",
        description = {
            "Start a small ring on this machine, kill, cut and fill up its parts one after another, and count what was lost.",
            "Exit status 1 if anything was, or if the ring did not recover."
        },
        mixinStandardHelpOptions = true)
final class DrillCommand implements Callable<Integer> {
    @Mixin
    private RingOptions ring = new RingOptions();

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "30",
            description =
                    "Faults begin for N minutes, and until each kind has come once, about 5 minutes (default: ${DEFAULT-VALUE}).")
    private int minutes;

    @Option(
            names = "--faults",
            paramLabel = "KIND",
            split = ",",
            description = "Only these, separated by commas: ${COMPLETION-CANDIDATES} (default: all).")
    private List<FaultKind> kinds;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Keep topics, checkpoints and logs in DIR, which is new or empty.")
    private Optional<Path> keep;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (minutes < 1) {
            throw new ParameterException(spec.commandLine(), "Expected --minutes of 1 and more, got " + minutes);
        }
        List<FaultKind> chosen = kinds == null ? List.of(FaultKind.values()) : kinds;
        DrillOptions options =
                new DrillOptions(ring.home(), keep, Duration.ofMinutes(minutes), ring.seed(), chosen, ring.json());
        return new Drill(options, ring.story(), ring.result(), Boolean.getBoolean("tandem.terminal")).run();
    }
}
