package dev.tandem.trainer.recipe;

/**
 * When a warm-up ends before it has made all its steps: once its mean loss no longer falls.
 *
 * <p>Losses are averaged over windows of updates, one window after the other. The stage ends with a window whose mean is not
 * below that of the window before by {@code leastFall} of it. One whose mean is still near what guessing gives ends nothing:
 * a re-ranker from random weights stays there for a while before it learns at all. Updates with easy negatives are not looked
 * at.
 *
 * @param window updates in a mean, 0 and more; 0 lets a warm-up make all its steps; default 500 (Tandem)
 * @param leastFall share of the loss that must be gained from one window to the next, 0 to 1; default 0.01 (Tandem)
 */
public record Plateau(int window, double leastFall) {
    /** Every warm-up makes all its steps. */
    public static final Plateau NEVER = new Plateau(0, 0);

    private static final double LEARNED = 0.9;

    public Plateau {
        Check.atLeast("plateau.window", window, 0);
        Check.between("plateau.least-fall", leastFall, 0, 1);
    }

    /**
     * Whether a stage has nothing more to gain.
     *
     * @param before mean loss of a window
     * @param now mean loss of the window after it
     * @param guessing loss of a model that gives every candidate the same score
     */
    public boolean isReached(double before, double now, double guessing) {
        return now < LEARNED * guessing && now > (1 - leastFall) * before;
    }
}
