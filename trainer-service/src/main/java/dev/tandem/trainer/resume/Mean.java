package dev.tandem.trainer.resume;

/** A running mean. */
public record Mean(double sum, long count) {
    public static final Mean NONE = new Mean(0, 0);

    /** With one more value. */
    public Mean plus(double value) {
        return new Mean(sum + value, count + 1);
    }

    /** The mean, 0 of nothing. */
    public double value() {
        return count == 0 ? 0 : sum / count;
    }
}
