package dev.tandem.evaluator.api;

import dev.tandem.evaluator.Activity;
import dev.tandem.evaluator.Evaluator;
import dev.tandem.evaluator.history.Decision;
import dev.tandem.evaluator.history.History;
import dev.tandem.evaluator.history.PromotedCheckpoint;

/**
 * How far the evaluator is, for a launcher.
 *
 * @param evaluating checkpoint under evaluation, null when there is none
 * @param share of it that is done, 0 to 1
 * @param pending checkpoints waiting behind it
 * @param evaluated checkpoints scored so far
 */
public record ProgressView(
        int passages,
        int heldOut,
        String evaluating,
        double share,
        int pending,
        int promotions,
        String champion,
        long evaluated) {
    static ProgressView of(Evaluator evaluator) {
        History history = evaluator.knowledge().history();
        Activity.Now now = evaluator.activity().now();
        return new ProgressView(
                evaluator.knowledge().corpus().size(),
                evaluator.knowledge().heldOut().size(),
                now.evaluating(),
                now.share(),
                pending(evaluator),
                promotions(history),
                history.champion().map(PromotedCheckpoint::id).orElse(null),
                history.evaluated().stream()
                        .filter(e -> e.decision() == Decision.PROMOTED || e.decision() == Decision.REJECTED)
                        .count());
    }

    /** How often another checkpoint became champion. */
    static int promotions(History history) {
        return (int) history.promotions().stream()
                .filter(PromotedCheckpoint::changesChampion)
                .count();
    }

    /** Checkpoints waiting, without the one under evaluation. */
    static int pending(Evaluator evaluator) {
        String evaluating = evaluator.activity().now().evaluating();
        return (int) evaluator.knowledge().history().waiting().stream()
                .filter(checkpoint -> !checkpoint.id().equals(evaluating))
                .count();
    }
}
