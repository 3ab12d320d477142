package dev.tandem.quickstart.cli;

import dev.tandem.quickstart.feed.SendingMark;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a command that sends a file goes on after it was stopped. */
final class Resumption {
    @Option(
            names = "--again",
            description =
                    "Send all of it, where a run that was stopped has sent a part (default: go on after that part).")
    private boolean again;

    /**
     * How far an earlier run of the same command has come.
     *
     * @param what the command, with whatever else decides which events come
     */
    SendingMark of(Connection.Reached reached, String what, Path source, PrintWriter err) throws IOException {
        SendingMark mark =
                SendingMark.of(reached.home().resolve("sent"), "%s to %s".formatted(what, reached.clusterId()), source);
        if (again || mark.before() == 0) {
            return mark.again();
        }
        err.printf("going on after %,d events that were sent before; --again sends them too%n", mark.before());
        err.flush();
        return mark;
    }
}
