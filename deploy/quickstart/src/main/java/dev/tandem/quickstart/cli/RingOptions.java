package dev.tandem.quickstart.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What every command asks that starts a ring on this machine. */
final class RingOptions {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "${env:TANDEM_HOME:-.tandem}",
            description = "Directory of everything it writes (default: ${DEFAULT-VALUE}, or TANDEM_HOME).")
    private Path home;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of everything drawn at random (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", description = "Print the closing table as one JSON line, last; all else goes to stderr.")
    private boolean json;

    @Spec(Target.MIXEE)
    private CommandSpec command;

    Path home() {
        return home;
    }

    long seed() {
        return seed;
    }

    boolean json() {
        return json;
    }

    /** Where what happens is told. */
    PrintWriter story() {
        return json ? command.commandLine().getErr() : result();
    }

    /** Where the JSON line goes. */
    PrintWriter result() {
        return command.commandLine().getOut();
    }
}
