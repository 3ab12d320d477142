package dev.tandem.evaluator;

import static java.util.Objects.requireNonNull;

/**
 * What a person wants of the promotions.
 *
 * @param checkpoint which checkpoint; null where the action needs none
 * @param freeze whether no checkpoint shall be promoted by the rule from then on; null leaves that as it is
 * @param reason why, for the audit log
 * @param by who
 */
public record Order(Action action, String checkpoint, Boolean freeze, String reason, String by) {
    private static final int LONGEST_REASON = 1_000;
    private static final int LONGEST_NAME = 100;

    /** What shall be done. */
    public enum Action {
        /** Promote a checkpoint whatever the rule says. */
        FORCE("Forced"),
        /** Promote a former champion again; without a checkpoint the one before this. */
        ROLLBACK("Rolled back"),
        /** Keep the champion: no checkpoint is promoted by the rule until promotions are unfrozen. */
        FREEZE("Frozen"),
        /** Let the rule promote again. */
        UNFREEZE("Unfrozen");

        private final String done;

        Action(String done) {
            this.done = done;
        }
    }

    public Order {
        requireNonNull(action, "action is null");
        reason = reason == null ? "" : reason.strip();
        by = by == null || by.isBlank() ? "operator" : by.strip();
        if (reason.isEmpty() || reason.length() > LONGEST_REASON) {
            throw new IllegalArgumentException(
                    "Expected a reason of 1 to %d characters, for the audit log".formatted(LONGEST_REASON));
        }
        if (by.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("Expected a name of at most %d characters".formatted(LONGEST_NAME));
        }
        if (action == Action.FORCE && checkpoint == null) {
            throw new IllegalArgumentException("Expected a checkpoint to promote; GET /checkpoints lists them");
        }
    }

    /** As the audit log says it. */
    String words() {
        return action.done + ": " + reason;
    }
}
