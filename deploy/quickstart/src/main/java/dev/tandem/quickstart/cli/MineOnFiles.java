package dev.tandem.quickstart.cli;

import dev.tandem.miner.mining.MiningSettings;
import dev.tandem.miner.mining.TrainingQuery;
import dev.tandem.miner.offline.ExplainedList;
import dev.tandem.miner.offline.HiddenPositives;
import dev.tandem.miner.offline.MinedListFile;
import dev.tandem.miner.offline.MiningReport;
import dev.tandem.miner.offline.OfflineMining;
import dev.tandem.miner.serving.CheckpointRetriever;
import dev.tandem.miner.serving.Retriever;
import dev.tandem.miner.serving.WordRetriever;
import dev.tandem.quickstart.Screen;
import dev.tandem.quickstart.corpus.Corpus;
import dev.tandem.quickstart.feed.JudgedQueries;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.QueryKey;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.line.JsonLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Mining of a collection as the user sees it: how far it is, and what was mined. */
final class MineOnFiles {
    private static final int PASSAGES_PER_CALL = 256;

    private final dev.tandem.miner.serving.Corpus corpus = new dev.tandem.miner.serving.Corpus();
    private final List<TrainingQuery> queries = new ArrayList<>();
    private final MiningSettings settings;
    private final PrintWriter out;
    private final Screen screen;
    private final ProgressOnScreen progress;
    private final int heldOut;
    private final MiningReport report = new MiningReport();
    private volatile boolean isStopped;

    /** Takes the queries to train on; those asked in the very words of a held-out one are left out. */
    MineOnFiles(Corpus collection, MiningSettings settings, PrintWriter out, PrintWriter err) {
        collection.passages().forEach(corpus::put);
        Set<QueryKey> keptOut = new HashSet<>();
        collection.heldOut().forEach(query -> keptOut.add(QueryKey.of(query.text())));
        List<TrainingQuery> all = JudgedQueries.toTrainOn(collection.train());
        all.stream().filter(query -> !keptOut.contains(query.key())).forEach(queries::add);
        this.heldOut = all.size() - queries.size();
        this.settings = settings;
        this.out = out;
        this.screen = new Screen(err, Boolean.getBoolean("tandem.terminal"));
        this.progress = new ProgressOnScreen(screen, System::nanoTime);
    }

    /** Mines into a file, if there is one, and prints the summary. Ctrl-C leaves no file. */
    void mine(Optional<Path> model, Compute compute, Optional<Path> file, int most, boolean findsFalseNegatives)
            throws IOException {
        try (Interruption interruption = new Interruption(this::stop);
                Retriever retriever = open(model, compute)) {
            List<TrainingQuery> chosen = OfflineMining.drawn(queries, most, settings.seed());
            OfflineMining mining = new OfflineMining(corpus, retriever, settings);
            int listless = file.isPresent() ? write(mining, chosen, file.get()) : count(mining, chosen);
            summarize(chosen.size(), listless, retriever.id());
            if (findsFalseNegatives) {
                out.println(hidden(mining, most).text());
            }
            file.ifPresent(written -> out.println("lists: " + written));
            out.flush();
        }
    }

    private void stop() {
        screen.say("stopping; no file is written");
        isStopped = true;
    }

    private int write(OfflineMining mining, List<TrainingQuery> chosen, Path path) throws IOException {
        try (MinedListFile file = MinedListFile.begin(path)) {
            int listless = each(mining, "mining", chosen, list -> {
                report.add(list);
                file.add(list);
            });
            file.commit();
            return listless;
        }
    }

    private int count(OfflineMining mining, List<TrainingQuery> chosen) throws IOException {
        return each(mining, "mining", chosen, report::add);
    }

    private HiddenPositives hidden(OfflineMining mining, int most) throws IOException {
        HiddenPositives hidden = new HiddenPositives(queries, corpus, most, settings.seed());
        each(mining, "mining with positives hidden", hidden.queries(), hidden::add);
        return hidden;
    }

    /** Takes one list. */
    private interface ListSink {
        void take(CandidateList list) throws IOException;
    }

    /** Returns how many of the queries have no list. */
    private int each(OfflineMining mining, String doing, List<TrainingQuery> chosen, ListSink sink) throws IOException {
        progress.begin("%s: %,d queries".formatted(doing, chosen.size()), chosen.size());
        Set<QueryKey> mined = new HashSet<>();
        int[] before = {0};
        try {
            mining.mine(chosen, (lists, done) -> {
                lists.forEach(list -> take(list, sink));
                lists.forEach(list -> mined.add(list.key()));
                progress.done(done - before[0]);
                before[0] = done;
                return !isStopped;
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (isStopped) {
            throw new Failure("Stopped after %,d of %,d queries.".formatted(before[0], chosen.size()));
        }
        return chosen.size() - mined.size();
    }

    private static void take(CandidateList list, ListSink sink) {
        try {
            sink.take(list);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void summarize(int mined, int listless, String minedBy) {
        out.printf(
                "%,d lists of %,d queries, mined by %s from %,d passages; %,d without a list, for none of their positives is there; %,d left out, for a held-out query has their text%n",
                report.lists(), mined - listless, minedBy, corpus.size(), listless, heldOut);
        out.println(report.table());
    }

    /** Prints the lists of one query. */
    void explain(Optional<Path> model, Compute compute, String wanted) throws IOException {
        TrainingQuery query = find(wanted);
        try (Retriever retriever = open(model, compute)) {
            List<CandidateList> lists = new ArrayList<>();
            new OfflineMining(corpus, retriever, settings).mine(List.of(query), (mined, done) -> lists.addAll(mined));
            if (lists.isEmpty()) {
                throw new Failure("Query %s has no list: none of its positives is in the corpus."
                        .formatted(query.query().id()));
            }
            out.println(String.join(
                    System.lineSeparator().repeat(2),
                    lists.stream().map(ExplainedList::of).toList()));
            out.flush();
        }
    }

    private TrainingQuery find(String wanted) {
        return queries.stream()
                .filter(query -> query.query().id().equals(wanted))
                .findFirst()
                .or(() -> queries.stream()
                        .filter(query -> query.key().equals(QueryKey.of(wanted)))
                        .findFirst())
                .orElseThrow(() -> new Failure(
                        "Expected the id or the text of a judged query of this split that is not held out, got %s"
                                .formatted(JsonLine.shortened(wanted))));
    }

    private Retriever open(Optional<Path> model, Compute compute) throws IOException {
        Retriever retriever = model.isPresent() ? CheckpointRetriever.open(model.get(), compute) : new WordRetriever();
        List<Passage> passages = List.copyOf(corpus.passages());
        progress.begin("%s: %,d passages".formatted(retriever.id(), passages.size()), passages.size());
        for (int from = 0; from < passages.size() && !isStopped; from += PASSAGES_PER_CALL) {
            int to = Math.min(passages.size(), from + PASSAGES_PER_CALL);
            retriever.put(passages.subList(from, to));
            progress.done(to - from);
        }
        return retriever;
    }
}
