package dev.tandem.trainer.stage;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a step measured while it accumulated gradients.
 *
 * @param total the loss that was minimised
 * @param terms its terms by name, unweighted
 * @param tokens tokens that were encoded, padding left out
 * @param computed the same with their padding
 */
public record StepLosses(double total, Map<String, Double> terms, long tokens, long computed) {
    /** Retriever's in-batch softmax. */
    public static final String IN_BATCH = "in-batch";
    /** Re-ranker's supervised loss. */
    public static final String CROSS_ENTROPY = "cross-entropy";
    /** Divergence between the two models. */
    public static final String DISTILLATION = "distillation";
    /** Share of lists that retriever and re-ranker both order the same passage first in. */
    public static final String AGREEMENT = "top-1-agreement";

    public StepLosses {
        terms = Collections.unmodifiableMap(new TreeMap<>(terms));
    }

    /** Both together, for a step in parts whose weights add up to one. */
    public StepLosses plus(StepLosses other) {
        Map<String, Double> sums = new LinkedHashMap<>(terms);
        other.terms.forEach((name, value) -> sums.merge(name, value, Double::sum));
        return new StepLosses(total + other.total, sums, tokens + other.tokens, computed + other.computed);
    }

    /** Share of padding in what was computed, at least 0 and below 1. */
    public double padding() {
        return computed == 0 ? 0 : 1 - (double) tokens / computed;
    }

    /** Whether the loss is a number to learn from. */
    public boolean isFinite() {
        return Double.isFinite(total);
    }
}
