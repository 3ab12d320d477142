package dev.tandem.evaluator.scoring;

import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.retrieval.Ranking;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One query's rankings, stage by stage: the retriever's, and where a re-ranker was asked its own and the fused one. */
public record StagedRanking(Map<RankingKind, Ranking> stages) {
    public StagedRanking {
        stages = Map.copyOf(stages);
    }

    static StagedRanking retrieved(Ranking retriever) {
        return new StagedRanking(Map.of(RankingKind.RETRIEVER, retriever));
    }

    /**
     * Adds the re-ranking of the top hits, and the ranking by the sum of both scores, each standardised over these hits.
     *
     * @param logits the cross encoder's, one per hit of {@code top}
     */
    public static StagedRanking reranked(Ranking retriever, Ranking top, float[] logits) {
        List<Ranking.Hit> hits = top.hits();
        double[] byRetriever =
                standardised(hits.stream().mapToDouble(Ranking.Hit::score).toArray());
        double[] byReranker = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            byReranker[i] = logits[i];
        }
        Ranking reranker = scored(hits, byReranker);
        double[] standardised = standardised(byReranker);
        for (int i = 0; i < standardised.length; i++) {
            standardised[i] += byRetriever[i];
        }
        Map<RankingKind, Ranking> stages = new EnumMap<>(RankingKind.class);
        stages.put(RankingKind.RETRIEVER, retriever);
        stages.put(RankingKind.RERANKER, reranker);
        stages.put(RankingKind.FUSED, scored(hits, standardised));
        return new StagedRanking(stages);
    }

    private static Ranking scored(List<Ranking.Hit> hits, double[] scores) {
        Ranking.Hit[] scored = new Ranking.Hit[scores.length];
        for (int i = 0; i < scores.length; i++) {
            scored[i] = new Ranking.Hit(hits.get(i).passageId(), scores[i]);
        }
        return new Ranking(List.of(scored));
    }

    /** Mean 0 and standard deviation 1; all 0 where the scores are equal. */
    static double[] standardised(double[] scores) {
        double mean = java.util.Arrays.stream(scores).average().orElse(0);
        double variance = java.util.Arrays.stream(scores)
                .map(s -> (s - mean) * (s - mean))
                .average()
                .orElse(0);
        double deviation = Math.sqrt(variance);
        return java.util.Arrays.stream(scores)
                .map(s -> deviation > 1e-12 ? (s - mean) / deviation : 0)
                .toArray();
    }
}
