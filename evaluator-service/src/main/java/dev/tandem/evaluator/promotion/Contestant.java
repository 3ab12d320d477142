package dev.tandem.evaluator.promotion;

import static java.util.Objects.requireNonNull;

import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.evaluator.metric.Scorecard;
import dev.tandem.evaluator.metric.Scorecard.Measured;
import java.util.List;
import java.util.Set;

/**
 * A checkpoint as the promotion rule sees it.
 *
 * @param scores on the gate queries
 * @param rerankerTrained while false what it serves, and its re-ranking, is its retriever's order: the first trained
 *     re-ranker has to better that
 * @param faults what makes it unfit whatever its scores, in words; empty when it is sound
 */
public record Contestant(String checkpointId, boolean rerankerTrained, Scorecard scores, List<String> faults) {
    public Contestant {
        requireNonNull(checkpointId, "checkpointId is null");
        requireNonNull(scores, "scores are null");
        faults = List.copyOf(faults);
    }

    Contestant only(Set<String> queries) {
        return new Contestant(checkpointId, rerankerTrained, scores.only(queries), faults);
    }

    double[] values(Measured measured) {
        return scores.values(standIn(measured));
    }

    double mean(Measured measured) {
        return scores.mean(standIn(measured));
    }

    private Measured standIn(Measured measured) {
        boolean needsReranker = measured.ranking() == RankingKind.RERANKER || measured.ranking() == RankingKind.FUSED;
        return needsReranker && !rerankerTrained ? new Measured(RankingKind.RETRIEVER, measured.metric()) : measured;
    }
}
