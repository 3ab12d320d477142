package dev.tandem.evaluator.promotion;

import java.util.List;

/** What the rule says of a challenger, and why. */
public sealed interface PromotionDecision permits Promoted, Rejected {
    /** In words, with the numbers. */
    String reason();

    /** The gating metrics against the champion's; empty when there was no champion. */
    List<Comparison> comparisons();
}
