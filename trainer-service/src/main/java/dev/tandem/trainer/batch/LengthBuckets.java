package dev.tandem.trainer.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.tandem.retrieval.token.TokenIds;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Encodes sequences of like length together, so that little is computed for padding, and returns them in their order. */
public final class LengthBuckets {
    private LengthBuckets() {}

    /**
     * Encodes sequences for training; gradients flow through.
     *
     * @param size sequences per forward call
     * @param encoder one row per sequence: (N, D) or (N)
     * @return one row per sequence, in the given order
     */
    public static NDArray encode(
            NDManager step,
            List<TokenIds> sequences,
            int size,
            BiFunction<NDManager, List<TokenIds>, NDArray> encoder) {
        if (sequences.size() <= size) {
            return encoder.apply(step, sequences);
        }
        int[] order = IntStream.range(0, sequences.size())
                .boxed()
                .sorted(Comparator.comparing(i -> sequences.get(i).length()))
                .mapToInt(Integer::intValue)
                .toArray();
        NDList rows = new NDList();
        for (int from = 0; from < order.length; from += size) {
            rows.add(encoder.apply(
                    step,
                    IntStream.range(from, Math.min(order.length, from + size))
                            .mapToObj(i -> sequences.get(order[i]))
                            .toList()));
        }
        return NDArrays.concat(rows, 0).get(step.create(inverse(order)));
    }

    private static long[] inverse(int[] order) {
        long[] place = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            place[order[i]] = i;
        }
        return place;
    }
}
