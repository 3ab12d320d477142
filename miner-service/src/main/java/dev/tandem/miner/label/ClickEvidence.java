package dev.tandem.miner.label;

/**
 * What clicks say of one passage for one query text.
 *
 * @param users distinct users who clicked it
 * @param satisfiedUsers those of them with at least one satisfied click
 */
public record ClickEvidence(int users, int satisfiedUsers) {
    public static final ClickEvidence NONE = new ClickEvidence(0, 0);

    public ClickEvidence {
        if (satisfiedUsers < 0 || satisfiedUsers > users) {
            throw new IllegalArgumentException(
                    "Expected between 0 and %d satisfied users, got %d".formatted(users, satisfiedUsers));
        }
    }
}
