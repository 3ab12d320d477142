package dev.tandem.quickstart.cli;

import dev.tandem.quickstart.home.RunningQuickstart;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A quickstart that runs on this machine, told by its directory. */
final class RunningRing {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "${env:TANDEM_HOME:-.tandem}",
            description = "Directory of the running quickstart (default: ${DEFAULT-VALUE}, or TANDEM_HOME).")
    private Path home;

    Path home() {
        return home;
    }

    /** The one that runs there now, if any. */
    Optional<RunningQuickstart> find() {
        return RunningQuickstart.find(home);
    }

    /**
     * Why a command cannot go on without one.
     *
     * @param otherwise what else a user could have said, as an option of the command
     */
    Failure missing(String otherwise) {
        return new Failure(
                "No quickstart is running in %s. Start one by `./tandem quickstart --stay`, or say where by --home DIR%s."
                        .formatted(home.toAbsolutePath().normalize(), otherwise));
    }
}
