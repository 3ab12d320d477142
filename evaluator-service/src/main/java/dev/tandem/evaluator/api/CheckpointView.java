package dev.tandem.evaluator.api;

import dev.tandem.evaluator.history.EvaluatedCheckpoint;
import dev.tandem.evaluator.history.MetricDelta;
import dev.tandem.evaluator.history.MetricValue;
import dev.tandem.evaluator.history.SavedCheckpoint;
import dev.tandem.evaluator.metric.RankingKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A checkpoint with what became of it; all that follows {@code lists} is null or empty while it waits. */
public record CheckpointView(
        String id,
        String parent,
        long step,
        String stage,
        boolean rerankerTrained,
        Instant savedAt,
        Map<String, Double> losses,
        long lists,
        String decision,
        String reason,
        Instant evaluatedAt,
        Double seconds,
        String champion,
        List<MetricValue> metrics,
        List<MetricDelta> deltas) {
    static CheckpointView of(SavedCheckpoint saved, Optional<EvaluatedCheckpoint> evaluated) {
        return new CheckpointView(
                saved.id(),
                saved.parent(),
                saved.step(),
                saved.stage(),
                saved.rerankerTrained(),
                saved.savedAt(),
                saved.losses(),
                saved.lists(),
                evaluated.map(e -> e.decision().name()).orElse(null),
                evaluated.map(EvaluatedCheckpoint::reason).orElse(null),
                evaluated.map(EvaluatedCheckpoint::evaluatedAt).orElse(null),
                evaluated.map(EvaluatedCheckpoint::seconds).orElse(null),
                evaluated.map(EvaluatedCheckpoint::champion).orElse(null),
                evaluated.map(e -> ofModel(e.metrics())).orElse(List.of()),
                evaluated.map(EvaluatedCheckpoint::deltas).orElse(List.of()));
    }

    /** Without BM25's, which stand beside every checkpoint's. */
    static List<MetricValue> ofModel(List<MetricValue> metrics) {
        return metrics.stream().filter(metric -> !isWords(metric)).toList();
    }

    static boolean isWords(MetricValue metric) {
        return metric.ranking().equals(RankingKind.BM25.spec());
    }
}
