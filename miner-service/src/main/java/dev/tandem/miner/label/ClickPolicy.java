package dev.tandem.miner.label;

import java.time.Duration;

/**
 * Turns evidence from clicks into labels: positive when enough distinct users stayed long enough.
 *
 * @param minimumUsers distinct users with a satisfied click that make a positive
 * @param minimumDwell shortest stay that counts as satisfied; a click whose dwell is unknown counts
 */
public record ClickPolicy(int minimumUsers, Duration minimumDwell) {
    public ClickPolicy {
        if (minimumUsers < 1) {
            throw new IllegalArgumentException("Expected at least 1 user for a label, got " + minimumUsers);
        }
        if (minimumDwell.isNegative()) {
            throw new IllegalArgumentException("Expected a dwell of 0 or more, got " + minimumDwell);
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

    public LabelDecision decide(ClickEvidence evidence) {
        return evidence.satisfiedUsers() >= minimumUsers ? LabelDecision.POSITIVE : LabelDecision.WEAK;
    }
}
