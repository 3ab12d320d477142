package dev.tandem.quickstart.cli;

import dev.tandem.quickstart.corpus.BeirDirectory;
import dev.tandem.quickstart.corpus.Refusals;
import dev.tandem.quickstart.feed.EventFeed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "load",
        description = "Publish the passages of a directory in BEIR layout (corpus.jsonl: _id, title, text).",
        mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Directory that holds corpus.jsonl.")
    private Path directory;

    @Option(names = "--json", description = "Print the summary as one JSON line.")
    private boolean json;

    @Mixin
    private Connection connection;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Refusals refusals = new Refusals();
        try (EventFeed feed = new EventFeed(connection.bootstrapServers());
                Counter counter = new Counter(err, "passages")) {
            new BeirDirectory(directory).forEachPassage(refusals, passage -> {
                feed.publish(passage);
                counter.more();
            });
            feed.flush();
            counter.close();
            return Summary.print(out, err, json, "passages", feed.accepted(), refusals);
        }
    }
}
