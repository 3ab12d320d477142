package dev.tandem.retrieval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tandem.retrieval.token.TokenIds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Sequences as one array, padded to the longest of them; and how many of them go into one. */
final class TokenBatch {
    private TokenBatch() {}

    /** (3, B, T): token ids, token types, and 1 where there is a token, 0 where there is padding. */
    static NDArray tokens_3BT(NDManager manager, List<TokenIds> sequences) {
        int count = sequences.size();
        int longest = sequences.stream().mapToInt(TokenIds::length).max().orElseThrow();
        long[] tokens = new long[3 * count * longest];
        for (int b = 0; b < count; b++) {
            TokenIds sequence = sequences.get(b);
            for (int t = 0; t < sequence.length(); t++) {
                int at = b * longest + t;
                tokens[at] = sequence.ids()[t];
                tokens[count * longest + at] = sequence.types()[t];
                tokens[2 * count * longest + at] = 1;
            }
        }
        return manager.create(tokens, new Shape(3, count, longest));
    }

    /** Groups of indices, longest sequences first, so that no group holds more than {@code budget} tokens when padded. */
    static List<List<Integer>> buckets(List<TokenIds> sequences, int budget) {
        List<Integer> byLength = IntStream.range(0, sequences.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> sequences.get(i).length())
                        .reversed())
                .toList();
        List<List<Integer>> buckets = new ArrayList<>();
        for (int from = 0; from < byLength.size(); ) {
            int fitting = Math.max(1, budget / sequences.get(byLength.get(from)).length());
            int to = Math.min(byLength.size(), from + fitting);
            buckets.add(byLength.subList(from, to));
            from = to;
        }
        return buckets;
    }
}
