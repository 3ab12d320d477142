package dev.tandem.trainer.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Splits a step, or the sequences of one loss, into parts whose activations fit into memory together. */
public final class MicroBatches {
    private MicroBatches() {}

    /**
     * Splits items, in their order, so that no part is above the budget unless it is a single item.
     *
     * @param tokens tokens of one item
     */
    public static <T> List<List<T>> of(List<T> items, ToLongFunction<T> tokens, long budget) {
        List<List<T>> parts = new ArrayList<>();
        List<T> part = new ArrayList<>();
        long sum = 0;
        for (T item : items) {
            long more = tokens.applyAsLong(item);
            if (!part.isEmpty() && sum + more > budget) {
                parts.add(part);
                part = new ArrayList<>();
                sum = 0;
            }
            part.add(item);
            sum += more;
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }
}
