package dev.tandem.quickstart.cli;

import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.quickstart.corpus.BeirDirectory;
import dev.tandem.quickstart.corpus.Corpus;
import dev.tandem.quickstart.corpus.JudgedQuery;
import dev.tandem.quickstart.feed.EventFeed;
import dev.tandem.quickstart.feed.JudgedQueries;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.line.Refusals;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
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

    @Option(
            names = "--queries",
            description =
                    "Send the judged queries too: those of qrels/train.tsv to train on, those of qrels/test.tsv held out.")
    private boolean withQueries;

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
        BeirDirectory beir = new BeirDirectory(directory);
        try (EventFeed feed = new EventFeed(connection.bootstrapServers());
                Counter counter = new Counter(err, "passages")) {
            Consumer<Passage> publish = passage -> {
                feed.publish(passage);
                counter.more();
            };
            if (withQueries) {
                Corpus corpus = beir.read(refusals);
                corpus.passages().forEach(publish);
                corpus.heldOut().forEach(query -> feed.record(judged(query, QueryUse.HELD_OUT)));
                corpus.train().forEach(query -> feed.record(judged(query, QueryUse.TRAIN)));
            } else {
                beir.forEachPassage(refusals, publish);
            }
            feed.flush();
            counter.close();
            String what = withQueries ? "passages and queries" : "passages";
            return Summary.print(out, err, json, what, feed.accepted(), refusals);
        }
    }

    private static QueryRecorded judged(JudgedQuery query, QueryUse use) {
        return JudgedQueries.event(query, use, Clock.systemUTC().instant());
    }
}
