package dev.tandem.evaluator.promotion;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** Provably better than the champion, or the first. */
public record Promoted(String reason, List<Comparison> comparisons) implements PromotionDecision {
    public Promoted {
        requireNonNull(reason, "reason is null");
        comparisons = List.copyOf(comparisons);
    }
}
