package dev.tandem.quickstart.cli;

import dev.tandem.events.QueryUse;
import dev.tandem.quickstart.corpus.CollectionDirectory;
import dev.tandem.quickstart.corpus.JudgedQuery;
import dev.tandem.quickstart.feed.EventFeed;
import dev.tandem.quickstart.feed.FeedbackReader;
import dev.tandem.quickstart.feed.JudgedQueries;
import dev.tandem.quickstart.feed.SendingMark;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.line.Refusals;
import dev.tandem.retrieval.line.TextLines;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
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
        description = {
            "Publish the passages of a directory or a file:",
            "a directory in BEIR layout (corpus.jsonl: _id, title, text) or of MS MARCO (collection.tsv: id, text),",
            "or a JSONL file of passages (id or _id, title, text) or of Metarank's item events."
        },
        mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "PATH",
            description = "Directory that holds corpus.jsonl or collection.tsv, or a JSONL file.")
    private Path path;

    @Option(
            names = "--queries",
            description =
                    "Send the judged queries too: those of qrels/train.tsv (MS MARCO: qrels.train.tsv) to train on, those of qrels/test.tsv (any other qrels.*.tsv) held out.")
    private boolean withQueries;

    @Option(names = "--json", description = "Print the summary as one JSON line.")
    private boolean json;

    @Mixin
    private Connection connection;

    @Mixin
    private Resumption resumption = new Resumption();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Refusals refusals = new Refusals();
        Connection.Reached reached = connection.reach();
        SendingMark mark = resumption.of(reached, withQueries ? "load --queries" : "load", passages(), err);
        try (EventFeed feed = new EventFeed(reached.kafka());
                Counter counter = new Counter(err, "passages")) {
            load(new Sending(feed, mark), counter, refusals);
            feed.flush();
            mark.done();
            counter.close();
            String what = withQueries ? "passages and queries" : "passages";
            return Summary.print(out, err, json, what, feed.accepted(), counter.skipped(), refusals);
        }
    }

    /** The file of the passages; if that is the same, so are the events. */
    private Path passages() throws IOException {
        return Files.isRegularFile(path) ? path : CollectionDirectory.at(path).passages();
    }

    /** A feed that leaves out what an earlier run has sent. */
    private record Sending(EventFeed feed, SendingMark mark) {
        void publish(Passage passage) {
            mark.send(feed, () -> feed.publish(passage));
        }

        void record(JudgedQuery query, QueryUse use) {
            mark.send(
                    feed,
                    () -> feed.record(
                            JudgedQueries.event(query, use, Clock.systemUTC().instant())));
        }
    }

    private void load(Sending feed, Counter counter, Refusals refusals) throws IOException {
        Consumer<Passage> publish = passage -> {
            feed.publish(passage);
            counter.more();
        };
        if (Files.isRegularFile(path)) {
            loadFile(publish, counter, refusals);
            return;
        }
        CollectionDirectory collection = CollectionDirectory.at(path);
        if (withQueries) {
            collection.expectQueries(); // before anything is sent
        }
        collection.forEachPassage(refusals, publish);
        if (withQueries) {
            collection.forEachQuery(
                    refusals,
                    query -> feed.record(query, QueryUse.TRAIN),
                    query -> feed.record(query, QueryUse.HELD_OUT));
        }
    }

    private void loadFile(Consumer<Passage> publish, Counter counter, Refusals refusals) throws IOException {
        if (withQueries) {
            throw new Failure(
                    "Expected a directory for --queries, got the file %s. Send its queries by `tandem queries`."
                            .formatted(path));
        }
        FeedbackReader reader = new FeedbackReader(Optional.empty(), Set.of(), Clock.systemUTC());
        TextLines.of(path, refusals, line -> reader.passage(line).ifPresentOrElse(publish, counter::skip));
    }
}
