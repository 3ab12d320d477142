package dev.tandem.evaluator.scoring;

/** Whether scores differ at all. */
final class ScoreSpread {
    private static final float SAME = 1e-6f;

    private float lowest = Float.POSITIVE_INFINITY;
    private float highest = Float.NEGATIVE_INFINITY;
    private long count;

    void add(float[] scores) {
        for (float score : scores) {
            lowest = Math.min(lowest, score);
            highest = Math.max(highest, score);
        }
        count += scores.length;
    }

    boolean isConstant() {
        return count > 1 && highest - lowest < SAME;
    }
}
