package dev.tandem.evaluator.promotion;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** Not provably better than the champion, or unfit. */
public record Rejected(String reason, List<Comparison> comparisons) implements PromotionDecision {
    public Rejected {
        requireNonNull(reason, "reason is null");
        comparisons = List.copyOf(comparisons);
    }
}
