package dev.tandem.evaluator.scoring;

import dev.tandem.evaluator.metric.JudgedRanking;
import dev.tandem.evaluator.metric.Metric;
import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.evaluator.metric.Scorecard;
import dev.tandem.evaluator.metric.Scorecard.Measured;
import dev.tandem.retrieval.Ranking;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One system's values on held-out queries, each query ranked once per corpus.
 *
 * <p>The champion is asked again for every challenger: as long as the corpus stays the same, only queries that are new or
 * judged anew cost anything.
 */
public final class Measuring {
    /** Passages retrieved per query; recall@1000 looks no deeper. */
    public static final int DEPTH = 1_000;

    private static final List<Metric> RETRIEVAL =
            metrics("mrr@10", "ndcg@10", "recall@50", "recall@1000", "success@5", "success@20", "success@100");
    private static final List<Metric> RERANKING = metrics("mrr@10", "ndcg@10");

    private final Map<HeldOutQuery, Map<Measured, Double>> known = new HashMap<>();
    private long corpusVersion = -1;

    private static List<Metric> metrics(String... specs) {
        return List.of(specs).stream().map(Metric::parse).toList();
    }

    /** Values of a model, whose corpus is brought into step first. */
    public Scorecard of(
            CheckpointModel model,
            Corpus.Snapshot corpus,
            List<HeldOutQuery> queries,
            int rerankDepth,
            Progress progress) {
        model.sync(corpus, progress);
        return of(
                corpus,
                queries,
                (texts, each) ->
                        model.rank(texts, DEPTH, rerankDepth, progress, ranked -> each.accept(ranked.stages())));
    }

    /** Values of BM25. */
    public Scorecard of(WordSearch words, Corpus.Snapshot corpus, List<HeldOutQuery> queries) {
        words.sync(corpus);
        return of(
                corpus,
                queries,
                (texts, each) ->
                        texts.forEach(text -> each.accept(Map.of(RankingKind.BM25, words.search(text, DEPTH)))));
    }

    /** Ranks queries one after the other, so that only few rankings are in memory at a time. */
    interface Ranker {
        void rank(List<String> queries, Consumer<Map<RankingKind, Ranking>> each);
    }

    Scorecard of(Corpus.Snapshot corpus, List<HeldOutQuery> queries, Ranker ranker) {
        if (corpusVersion != corpus.version()) {
            known.clear();
            corpusVersion = corpus.version();
        }
        List<HeldOutQuery> unknown =
                queries.stream().filter(query -> !known.containsKey(query)).toList();
        Iterator<HeldOutQuery> asked = unknown.iterator();
        ranker.rank(unknown.stream().map(HeldOutQuery::text).toList(), rankings -> {
            HeldOutQuery query = asked.next();
            known.put(query, measure(query, rankings));
        });
        TreeMap<String, Map<Measured, Double>> byQuery = new TreeMap<>();
        queries.forEach(query -> byQuery.put(query.key().value(), known.get(query)));
        return new Scorecard(byQuery);
    }

    private static Map<Measured, Double> measure(HeldOutQuery query, Map<RankingKind, Ranking> rankings) {
        Map<Measured, Double> values = new HashMap<>();
        rankings.forEach((kind, ranking) -> {
            JudgedRanking judged = JudgedRanking.of(ranking, query.grades());
            boolean reordered = kind == RankingKind.RERANKER || kind == RankingKind.FUSED;
            for (Metric metric : reordered ? RERANKING : RETRIEVAL) {
                values.put(new Measured(kind, metric), metric.of(judged));
            }
        });
        return values;
    }
}
