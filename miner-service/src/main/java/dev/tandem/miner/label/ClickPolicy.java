package dev.tandem.miner.label;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Turns evidence from clicks into labels: a passage is a positive when enough distinct users clicked it and stayed, and more
 * of them than the ranks at which it was shown predict.
 *
 * @param minimumUsers distinct users with a satisfied click that make a positive
 * @param minimumDwell shortest stay that counts as satisfied; a click whose dwell is unknown counts
 * @param mostClicks passages of one query text that one user clicks at most; who clicks more is taken for a machine
 * @param curve clicks that a rank alone predicts
 * @param minimumCoec clicks over expected clicks that a positive exceeds
 * @param confidence with which it does, 0.5 to below 1
 */
public record ClickPolicy(
        int minimumUsers,
        Duration minimumDwell,
        int mostClicks,
        ClickCurve curve,
        double minimumCoec,
        double confidence) {
    public ClickPolicy {
        if (minimumUsers < 1) {
            throw new IllegalArgumentException("Expected at least 1 user for a label, got " + minimumUsers);
        }
        if (minimumDwell.isNegative()) {
            throw new IllegalArgumentException("Expected a dwell of 0 or more, got " + minimumDwell);
        }
        if (mostClicks < 1) {
            throw new IllegalArgumentException("Expected at least 1 click of a user on a query, got " + mostClicks);
        }
        requireNonNull(curve, "curve is null");
        if (!(minimumCoec >= 0)) {
            throw new IllegalArgumentException(
                    "Expected clicks over expected clicks of 0 or more, got %s; check miner.clicks.minimum-coec"
                            .formatted(minimumCoec));
        }
        if (!(confidence >= 0.5 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "Expected a confidence of 0.5 to below 1, got %s; check miner.clicks.confidence"
                            .formatted(confidence));
        }
    }

    /**
     * Whether the user seems to have found what they looked for.
     *
     * @param dwellMillis time spent on the passage, null when unknown
     */
    public boolean isSatisfied(Long dwellMillis) {
        return dwellMillis == null || dwellMillis >= minimumDwell.toMillis();
    }

    /** Whether somebody who clicked so many passages of one query text is taken for a machine. */
    public boolean isMachine(int clickedPassages) {
        return clickedPassages > mostClicks;
    }

    public LabelDecision decide(ClickEvidence evidence) {
        boolean isPositive = evidence.satisfiedUsers() >= minimumUsers && coecAtLeast(evidence) > minimumCoec;
        return isPositive ? LabelDecision.POSITIVE : LabelDecision.WEAK;
    }

    /**
     * Clicks over expected clicks (COEC), by its lower bound: the Wilson bound of the share of impressions with a satisfied
     * click, over the share that the ranks predict, Σ curve(rank) / impressions.
     *
     * <p>Under that prediction the clicks follow a sum of unequal Bernoulli trials, whose tails are no heavier than those of
     * as many equal ones (Hoeffding, Ann. Math. Statist. 1956); so the bound is not too high. Clicks beyond the impressions
     * that are known count as shown at the top: it takes most of them to make a positive there.
     */
    double coecAtLeast(ClickEvidence evidence) {
        int clicks = evidence.satisfiedUsers();
        int unseen = Math.max(0, clicks - evidence.impressions());
        int trials = evidence.impressions() + unseen;
        if (clicks == 0) {
            return 0;
        }
        double expected = unseen * curve.expected(1);
        for (int rank = 1; rank <= evidence.shownAt().size(); rank++) {
            expected += evidence.shownAt().get(rank - 1) * curve.expected(rank);
        }
        return WilsonBound.lower(clicks, trials, WilsonBound.quantile(confidence)) * trials / expected;
    }
}
