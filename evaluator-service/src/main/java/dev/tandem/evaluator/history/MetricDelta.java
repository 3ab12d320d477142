package dev.tandem.evaluator.history;

/**
 * Challenger minus champion in one metric, on the same queries; {@code low} and {@code high} bound the difference.
 *
 * @param slice {@link MetricValue#ALL} of the gating metrics, else the guarded part of the queries
 */
public record MetricDelta(
        String ranking,
        String name,
        double delta,
        double low,
        double high,
        double pValue,
        double adjustedPValue,
        int wins,
        int ties,
        int losses,
        String slice) {}
