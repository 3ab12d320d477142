package dev.tandem.quickstart.cli;

import dev.tandem.events.KafkaSettings;
import dev.tandem.quickstart.feed.EventFeed;
import dev.tandem.quickstart.feed.FeedbackFormat;
import dev.tandem.quickstart.feed.FeedbackReader;
import dev.tandem.quickstart.feed.SendingMark;
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
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** A file of lines that become events, for the commands that send one. */
final class LinesOfFile {
    /** How the event of a line is sent; empty where the line is about something else. */
    @FunctionalInterface
    interface Events {
        Optional<Consumer<EventFeed>> of(FeedbackReader reader, String line);
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

    @Mixin
    private Resumption resumption = new Resumption();

    @Option(names = "--json", description = "Print the summary as one JSON line.")
    private boolean json;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /** Sends every line that can be taken and prints what became of them; the exit status. */
    int send(Connection connection, String what, Events events) throws IOException {
        try (InputStream in = open()) {
            Connection.Reached reached = connection.reach();
            SendingMark mark = isStandardInput()
                    ? SendingMark.none()
                    : resumption.of(
                            reached,
                            what + format + actions,
                            Path.of(file),
                            spec.commandLine().getErr());
            return send(in, reached.kafka(), mark, what, events);
        }
    }

    private int send(InputStream in, KafkaSettings kafka, SendingMark mark, String what, Events events)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Refusals refusals = new Refusals();
        FeedbackReader reader = new FeedbackReader(format, actions, Clock.systemUTC());
        try (EventFeed feed = new EventFeed(kafka);
                Counter counter = new Counter(err, what)) {
            new TextLines(name(), in, refusals).forEach(line -> {
                Optional<Consumer<EventFeed>> event = events.of(reader, line);
                event.ifPresentOrElse(sender -> mark.send(feed, () -> sender.accept(feed)), counter::skip);
                event.ifPresent(sent -> counter.more());
            });
            feed.flush();
            mark.done();
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
