package dev.tandem.evaluator.history;

/** Challenger minus champion on one gating metric, on the same queries; {@code low} and {@code high} bound the difference. */
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
        int losses) {}
