package dev.tandem.quickstart.cli;

import dev.tandem.quickstart.drill.Drill;
import dev.tandem.quickstart.drill.DrillOptions;
import dev.tandem.quickstart.drill.FaultKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "${env:TANDEM_HOME:-.tandem}",
            description = "Directory of everything it writes (default: ${DEFAULT-VALUE}, or TANDEM_HOME).")
    private Path home;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "30",
            description =
                    "Faults begin for N minutes, and until each kind has come once, about 5 minutes (default: ${DEFAULT-VALUE}).")
    private int minutes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of everything drawn at random (default: ${DEFAULT-VALUE}).")
    private long seed;

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

    @Option(names = "--json", description = "Print the tables as one JSON line, last; all else goes to stderr.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (minutes < 1) {
            throw new ParameterException(spec.commandLine(), "Expected --minutes of 1 and more, got " + minutes);
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        List<FaultKind> chosen = kinds == null ? List.of(FaultKind.values()) : kinds;
        DrillOptions options = new DrillOptions(home, keep, Duration.ofMinutes(minutes), seed, chosen, json);
        return new Drill(options, json ? err : out, out, Boolean.getBoolean("tandem.terminal")).run();
    }
}
