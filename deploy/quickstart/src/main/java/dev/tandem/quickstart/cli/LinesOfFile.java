package dev.tandem.quickstart.cli;

import dev.tandem.quickstart.feed.EventFeed;
import dev.tandem.quickstart.feed.FeedbackFormat;
import dev.tandem.quickstart.feed.FeedbackReader;
import dev.tandem.retrieval.line.Refusals;
import dev.tandem.retrieval.line.TextLines;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** A file of lines that become events, for the commands that send one. */
final class LinesOfFile {
    /** Sends the event of a line; false where the line is about something else. */
    @FunctionalInterface
    interface Sender {
        boolean send(EventFeed feed, FeedbackReader reader, String line);
    }

    @Parameters(paramLabel = "FILE", description = "JSONL file, or - for standard input.")
    private String file;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "tandem, ubi (OpenSearch User Behavior Insights) or metarank (default: each line tells by its fields).")
    private Optional<FeedbackFormat> format = Optional.empty();

    @Option(
            names = "--action",
            paramLabel = "NAME",
            defaultValue = "click,click_through",
            split = ",",
            description = "Action of UBI or interaction of Metarank that is a click (default: ${DEFAULT-VALUE}).")
    private Set<String> actions;

    @Option(names = "--json", description = "Print the summary as one JSON line.")
    private boolean json;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /** Sends every line that can be taken and prints what became of them; the exit status. */
    int send(Connection connection, String what, Sender sender) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Refusals refusals = new Refusals();
        FeedbackReader reader = new FeedbackReader(format, actions, Clock.systemUTC());
        try (InputStream in = open();
                EventFeed feed = new EventFeed(connection.kafka());
                Counter counter = new Counter(err, what)) {
            new TextLines(name(), in, refusals).forEach(line -> {
                if (sender.send(feed, reader, line)) {
                    counter.more();
                } else {
                    counter.skip();
                }
            });
            feed.flush();
            counter.close();
            return Summary.print(out, err, json, what, feed.accepted(), counter.skipped(), refusals);
        }
    }

    private InputStream open() throws IOException {
        return isStandardInput() ? System.in : Files.newInputStream(Path.of(file));
    }

    private String name() {
        return isStandardInput()
                ? "standard input"
                : Path.of(file).getFileName().toString();
    }

    private boolean isStandardInput() {
        return file.equals("-");
    }
}
