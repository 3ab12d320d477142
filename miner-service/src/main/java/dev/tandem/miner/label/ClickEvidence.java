package dev.tandem.miner.label;

import java.util.ArrayList;
import java.util.List;

/**
 * What clicks and impressions say of one passage for one query text.
 *
 * @param users distinct users who clicked it
 * @param satisfiedUsers those of them with at least one satisfied click
 * @param shownAt how often it was shown at rank 1, at rank 2, and so on to the last rank at which it was
 */
public record ClickEvidence(int users, int satisfiedUsers, List<Integer> shownAt) {
    public static final ClickEvidence NONE = new ClickEvidence(0, 0, List.of());

    public ClickEvidence {
        if (satisfiedUsers < 0 || satisfiedUsers > users) {
            throw new IllegalArgumentException(
                    "Expected between 0 and %d satisfied users, got %d".formatted(users, satisfiedUsers));
        }
        shownAt = List.copyOf(shownAt);
        for (int times : shownAt) {
            if (times < 0) {
                throw new IllegalArgumentException("Expected 0 or more impressions at each rank, got " + shownAt);
            }
        }
    }

    /** With so many more users who clicked it, and so many more of them satisfied. */
    public ClickEvidence plusUsers(int moreUsers, int moreSatisfied) {
        return new ClickEvidence(users + moreUsers, satisfiedUsers + moreSatisfied, shownAt);
    }

    /** With so many more impressions at a rank. */
    public ClickEvidence plusShown(int rank, int more) {
        List<Integer> changed = new ArrayList<>(shownAt);
        while (changed.size() < rank) {
            changed.add(0);
        }
        changed.set(rank - 1, changed.get(rank - 1) + more);
        while (!changed.isEmpty() && changed.get(changed.size() - 1) == 0) {
            changed.remove(changed.size() - 1);
        }
        return new ClickEvidence(users, satisfiedUsers, changed);
    }

    /** How often it was shown. */
    public int impressions() {
        return shownAt.stream().mapToInt(Integer::intValue).sum();
    }
}
