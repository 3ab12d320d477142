package dev.tandem.trainer.resume;

import dev.tandem.trainer.recipe.Plateau;

/**
 * The losses of a warm-up as its {@link Plateau} looks at them.
 *
 * @param before mean of the last full window, {@link Mean#NONE} while there is none
 * @param open mean of the window that fills
 * @param plateau whether a full window has been no better than the one before
 */
public record LossWindows(Mean before, Mean open, boolean plateau) {
    /** A stage that has made no update. */
    public static final LossWindows NONE = new LossWindows(Mean.NONE, Mean.NONE, false);

    /** With the loss of one more update. */
    LossWindows plus(double loss, Plateau rule, double guessing) {
        Mean grown = open.plus(loss);
        if (rule.window() == 0 || grown.count() < rule.window()) {
            return new LossWindows(before, grown, plateau);
        }
        boolean isReached = before.count() > 0 && rule.isReached(before.value(), grown.value(), guessing);
        return new LossWindows(grown, Mean.NONE, plateau || isReached);
    }
}
