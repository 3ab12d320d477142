package dev.tandem.trainer.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Splits a step into parts whose activations fit into memory together; a list is never split. */
public final class MicroBatches {
    private MicroBatches() {}

    /**
     * Splits lists, in their order, so that no part is above the budget unless it is a single list.
     *
     * @param tokens tokens of one list, padding included
     */
    public static <T> List<List<T>> of(List<T> lists, ToLongFunction<T> tokens, long budget) {
        List<List<T>> parts = new ArrayList<>();
        List<T> part = new ArrayList<>();
        long sum = 0;
        for (T list : lists) {
            long more = tokens.applyAsLong(list);
            if (!part.isEmpty() && sum + more > budget) {
                parts.add(part);
                part = new ArrayList<>();
                sum = 0;
            }
            part.add(list);
            sum += more;
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }
}
