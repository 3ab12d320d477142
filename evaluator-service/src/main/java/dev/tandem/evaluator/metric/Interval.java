package dev.tandem.evaluator.metric;

/** A confidence interval, both ends included. */
public record Interval(double low, double high) {
    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException("Expected low <= high, got %s and %s".formatted(low, high));
        }
    }
}
