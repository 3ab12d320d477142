package dev.tandem.trainer.recipe;

/** Bounds of hyperparameters, with messages that name the key. */
final class Check {
    private Check() {}

    static void atLeast(String key, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException("Expected %s of at least %d, got %d".formatted(key, least, value));
        }
    }

    static void between(String key, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(
                    "Expected %s between %s and %s, got %s".formatted(key, least, most, value));
        }
    }

    static void positive(String key, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Expected %s above 0, got %s".formatted(key, value));
        }
    }
}
