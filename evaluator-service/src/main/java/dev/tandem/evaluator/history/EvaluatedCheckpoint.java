package dev.tandem.evaluator.history;

import static java.util.Objects.requireNonNull;

import dev.tandem.evaluator.promotion.Standing;
import java.time.Instant;
import java.util.List;

/**
 * A decision on a checkpoint with the numbers behind it.
 *
 * @param champion whom it was compared with, null when there was none
 * @param seconds time the evaluation took
 * @param pool what it was measured on, null where that was the whole corpus or nothing
 */
public record EvaluatedCheckpoint(
        String id,
        String champion,
        long step,
        String stage,
        List<MetricValue> metrics,
        List<MetricDelta> deltas,
        Decision decision,
        String reason,
        double seconds,
        Instant evaluatedAt,
        EvaluatedPool pool) {
    public EvaluatedCheckpoint {
        requireNonNull(id, "id is null");
        requireNonNull(stage, "stage is null");
        requireNonNull(decision, "decision is null");
        requireNonNull(reason, "reason is null");
        requireNonNull(evaluatedAt, "evaluatedAt is null");
        metrics = List.copyOf(metrics);
        deltas = List.copyOf(deltas);
    }

    /** Whether it was tested against a champion: not where there was none, nor where the two do not differ. */
    boolean wasTested() {
        return deltas.stream()
                .filter(delta -> delta.slice().equals(MetricValue.ALL))
                .anyMatch(delta -> delta.wins() + delta.losses() > 0);
    }

    /** What it gained over its champion on the anchor, 0 where that was not measured. */
    double gainedOnAnchor() {
        return deltas.stream()
                .filter(delta -> delta.slice().equals(Standing.ANCHOR))
                .mapToDouble(MetricDelta::delta)
                .sum();
    }
}
