package dev.tandem.quickstart.cli;

import dev.tandem.evaluator.metric.Metric;
import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.evaluator.offline.CollectionRun;
import dev.tandem.evaluator.offline.OfflineModel;
import dev.tandem.evaluator.offline.QrelsFile;
import dev.tandem.evaluator.scoring.CheckpointModel;
import dev.tandem.quickstart.Screen;
import dev.tandem.quickstart.corpus.BeirDirectory;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Qrels;
import dev.tandem.retrieval.Run;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.line.JsonLine;
import dev.tandem.retrieval.line.Refusals;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Passages with queries and their judgements.
 *
 * @param queries texts of the judged queries, by id
 */
record JudgedCollection(List<Passage> passages, Map<String, String> queries, Qrels qrels) {
    private static final int LEAST_RETRIEVED = 1_000;

    /**
     * Reads one split of a directory in BEIR's layout.
     *
     * @param refusals gets the lines that cannot be taken, and judged queries that have no text
     */
    static JudgedCollection read(Path directory, String split, Refusals refusals) throws IOException {
        BeirDirectory beir = new BeirDirectory(directory);
        Path judgements = beir.qrels(split);
        Qrels all = QrelsFile.read(judgements, refusals);
        Map<String, String> texts = beir.queries(refusals);
        Map<String, Map<String, Integer>> grades = new LinkedHashMap<>(all.grades());
        grades.keySet().removeIf(query -> {
            boolean unknown = !texts.containsKey(query);
            if (unknown) {
                refusals.add(
                        judgements.getFileName().toString(),
                        0,
                        1,
                        "query %s is not in queries.jsonl".formatted(JsonLine.shortened(query)));
            }
            return unknown;
        });
        if (grades.isEmpty()) {
            throw new Failure("Expected judged queries in %s, found none".formatted(judgements));
        }
        texts.keySet().retainAll(grades.keySet());
        List<Passage> passages = new ArrayList<>();
        beir.forEachPassage(refusals, passages::add);
        return new JudgedCollection(passages, texts, new Qrels(grades));
    }

    /** Ranks the queries with a model, showing how far it is. */
    Map<RankingKind, Run> rank(Path model, Compute compute, List<Metric> metrics, int rerankDepth, PrintWriter err)
            throws IOException {
        Screen screen = new Screen(err, Boolean.getBoolean("tandem.terminal"));
        try (CheckpointModel opened = OfflineModel.open(model, compute)) {
            screen.say("%s: retriever%s; %,d passages, %,d judged queries"
                    .formatted(
                            model,
                            opened.isRerankerTrained() ? " and re-ranker" : " (no trained re-ranker)",
                            passages.size(),
                            queries.size()));
            int deepest = metrics.stream()
                    .mapToInt(Metric::cutoff)
                    .filter(cutoff -> cutoff != Metric.WHOLE_RANKING)
                    .max()
                    .orElse(0);
            int depth = Math.max(LEAST_RETRIEVED, deepest);
            Map<RankingKind, Run> runs = new CollectionRun(passages, depth, rerankDepth)
                    .of(opened, queries, new ProgressOnScreen(screen, System::nanoTime));
            screen.say("done");
            return runs;
        }
    }
}
