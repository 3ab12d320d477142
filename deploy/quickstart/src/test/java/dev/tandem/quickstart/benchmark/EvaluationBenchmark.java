package dev.tandem.quickstart.benchmark;

import dev.tandem.evaluator.metric.Bootstrap;
import dev.tandem.evaluator.metric.Scorecard;
import dev.tandem.evaluator.offline.OfflineModel;
import dev.tandem.evaluator.scoring.CheckpointModel;
import dev.tandem.evaluator.scoring.Corpus;
import dev.tandem.evaluator.scoring.HeldOutQuery;
import dev.tandem.evaluator.scoring.Measuring;
import dev.tandem.evaluator.scoring.Progress;
import dev.tandem.evaluator.scoring.WordSearch;
import dev.tandem.quickstart.corpus.BeirDirectory;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.QueryKey;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.CrossEncoder;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.QueryPassage;
import dev.tandem.retrieval.line.Refusals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Evaluates a checkpoint on the held-out queries of a collection as the evaluator does: opens and verifies it, embeds the
 * corpus, retrieves, re-ranks, fuses, measures, asks BM25, draws intervals. In turns with that, the bare encoders encode the same passages and
 * queries and score the same pairs. Prints the seconds of both and their ratio.
 *
 * <pre>
 * EvaluationBenchmark CHECKPOINT DATA ROUNDS
 * </pre>
 */
final class EvaluationBenchmark {
    private static final int RERANK_DEPTH = 50;

    private final Path checkpoint;
    private final List<Passage> passages;
    private final List<HeldOutQuery> queries = new ArrayList<>();

    private EvaluationBenchmark(Path checkpoint, Path data) throws IOException {
        this.checkpoint = checkpoint;
        dev.tandem.quickstart.corpus.Corpus corpus = new BeirDirectory(data).read(new Refusals());
        this.passages = corpus.passages();
        corpus.heldOut()
                .forEach(query ->
                        queries.add(new HeldOutQuery(QueryKey.of(query.text()), query.text(), query.grades(), false)));
    }

    public static void main(String[] arguments) throws IOException {
        new EvaluationBenchmark(Path.of(arguments[0]), Path.of(arguments[1])).run(Integer.parseInt(arguments[2]));
    }

    private void run(int rounds) throws IOException {
        List<QueryPassage> pairs = pairs();
        Alternation.print("%,d passages, %,d queries, %,d pairs", passages.size(), queries.size(), pairs.size());
        Alternation.run(rounds, "evaluation", this::evaluate, "bare encoders", () -> encode(pairs));
    }

    /** The pairs that an evaluation scores. */
    private List<QueryPassage> pairs() throws IOException {
        List<QueryPassage> pairs = new ArrayList<>();
        try (CheckpointModel model = OfflineModel.open(checkpoint, Compute.FLOAT32)) {
            Corpus.Snapshot corpus = corpus();
            model.sync(corpus, Progress.UNWATCHED);
            for (HeldOutQuery query : queries) {
                for (String passage : model.retrieve(query.text(), RERANK_DEPTH).passageIds()) {
                    pairs.add(new QueryPassage(query.text(), corpus.passages().get(passage)));
                }
            }
        }
        return pairs;
    }

    private Corpus.Snapshot corpus() {
        Corpus corpus = new Corpus();
        passages.forEach(corpus::put);
        return corpus.snapshot();
    }

    private void evaluate() throws IOException {
        Bootstrap bootstrap = new Bootstrap(10_000, 0.95, 1);
        Corpus.Snapshot corpus = corpus();
        try (CheckpointModel model = OfflineModel.open(checkpoint, Compute.FLOAT32);
                WordSearch words = new WordSearch()) {
            for (Scorecard card : List.of(
                    new Measuring().of(model, corpus, queries, RERANK_DEPTH, Progress.UNWATCHED),
                    new Measuring().of(words, corpus, queries))) {
                card.measured().forEach(measured -> bootstrap.mean(card.values(measured)));
            }
        }
    }

    private void encode(List<QueryPassage> pairs) {
        try (DualEncoder retriever = DualEncoder.open(checkpoint, Compute.FLOAT32);
                CrossEncoder reranker = CrossEncoder.open(checkpoint, Compute.FLOAT32)) {
            float[][] passages_ND = retriever.encodePassages(passages);
            float[][] queries_QD = retriever.encodeQueries(
                    queries.stream().map(HeldOutQuery::text).toList());
            float[] logits = reranker.score(pairs);
            if (passages_ND.length != passages.size() || queries_QD.length + logits.length == 0) {
                throw new IllegalStateException("Nothing was encoded");
            }
        }
    }
}
