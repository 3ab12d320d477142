package dev.tandem.quickstart.cli;

import dev.tandem.quickstart.feed.EventFeed;
import dev.tandem.retrieval.line.Refusals;
import dev.tandem.retrieval.line.TextLines;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** A file of lines that become events, for the commands that send one. */
final class LinesOfFile {
    @Parameters(paramLabel = "FILE", description = "JSONL file, or - for standard input.")
    private String file;

    @Option(names = "--json", description = "Print the summary as one JSON line.")
    private boolean json;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /** Sends every line that can be taken and prints what became of them; the exit status. */
    int send(Connection connection, String what, BiConsumer<EventFeed, String> sender) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Refusals refusals = new Refusals();
        try (InputStream in = open();
                EventFeed feed = new EventFeed(connection.bootstrapServers());
                Counter counter = new Counter(err, what)) {
            new TextLines(name(), in, refusals).forEach(line -> {
                sender.accept(feed, line);
                counter.more();
            });
            feed.flush();
            counter.close();
            return Summary.print(out, err, json, what, feed.accepted(), refusals);
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
