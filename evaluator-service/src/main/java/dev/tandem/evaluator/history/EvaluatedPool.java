package dev.tandem.evaluator.history;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * The passages on which a checkpoint was measured, where they were not the whole corpus.
 *
 * @param passages in the pool
 * @param corpus passages in the corpus
 * @param rule how they were chosen, in words
 */
public record EvaluatedPool(long passages, long corpus, String rule) {
    public EvaluatedPool {
        requireNonNull(rule, "rule is null");
    }

    /** So that nobody takes its metrics for those of the corpus. */
    public String words() {
        return String.format(
                Locale.ROOT,
                "Measured on a pool of %,d of %,d passages, which gives higher values than the whole corpus: %s.",
                passages,
                corpus,
                rule);
    }
}
