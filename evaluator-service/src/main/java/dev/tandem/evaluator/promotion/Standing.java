package dev.tandem.evaluator.promotion;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Set;

/**
 * What was before a decision, and how the gate queries are divided.
 *
 * @param tests those made before on these queries
 * @param slices parts of the gate queries, by name, on none of which a challenger may be worse; keys of queries
 * @param anchor keys of the queries that were judged when the first champion was promoted; they stay the same, so that what was
 *     learned early is not forgotten bit by bit
 * @param behindBest by how much the champion's served MRR@10 on the anchor lies below that of the best champion so far, 0 or more
 */
public record Standing(TestSequence tests, Map<String, Set<String>> slices, Set<String> anchor, double behindBest) {
    /** Before any decision. */
    public static final Standing START = new Standing(TestSequence.START, Map.of(), Set.of(), 0);

    /** Name of the anchor among slices. */
    public static final String ANCHOR = "anchor";

    public Standing {
        requireNonNull(tests, "tests are null");
        slices = Map.copyOf(slices);
        anchor = Set.copyOf(anchor);
        if (!(behindBest >= 0)) {
            throw new IllegalArgumentException("Expected to lie behind the best by 0 or more, got " + behindBest);
        }
    }
}
