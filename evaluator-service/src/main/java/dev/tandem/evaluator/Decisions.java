package dev.tandem.evaluator;

import dev.tandem.evaluator.history.EvaluatedCheckpoint;
import dev.tandem.evaluator.history.History;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import java.util.Objects;
import java.util.Optional;

/** Writes what was decided, by the rule or by a person, one decision after the other, and remembers it. */
final class Decisions {
    private final Outbox outbox;
    private final History history;

    Decisions(Outbox outbox, History history) {
        this.outbox = outbox;
        this.history = history;
    }

    /**
     * Records the decision on a checkpoint.
     *
     * @return false if a person has changed the champion since the evaluation began, or has frozen promotions where this would be
     *     one: then nothing is written, and the checkpoint has to be evaluated against what is now
     */
    synchronized boolean record(EvaluatedCheckpoint evaluated, Optional<PromotedCheckpoint> promoted) {
        if (promoted.isPresent() ? isOutdated(promoted.get()) : isOutdated(evaluated)) {
            return false;
        }
        outbox.publish(evaluated, promoted);
        history.evaluated(evaluated);
        promoted.ifPresent(history::promoted);
        return true;
    }

    private boolean isOutdated(PromotedCheckpoint promoted) {
        return history.isFrozen() || !Objects.equals(promoted.previous(), history.championId());
    }

    /** Also a rejection was one by a champion. */
    private boolean isOutdated(EvaluatedCheckpoint evaluated) {
        return evaluated.champion() != null && !evaluated.champion().equals(history.championId());
    }

    /** A promotion that depends on what is now. */
    interface Proposal {
        PromotedCheckpoint make(History history);
    }

    /** Records the promotion that a person asks for. */
    synchronized PromotedCheckpoint record(Proposal proposal) {
        PromotedCheckpoint promoted = proposal.make(history);
        outbox.publish(promoted);
        history.promoted(promoted);
        return promoted;
    }
}
