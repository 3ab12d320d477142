package dev.tandem.retrieval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tandem.retrieval.token.TokenIds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Sequences of many lengths as arrays with little padding: sorted by length and cut into chunks of like length. */
final class TokenBatch {
    private TokenBatch() {}

    /** The first arguments of bert.torchscript's functions: a chunk for each part, and each sequence's rank in them. */
    static NDList arguments(NDManager manager, List<TokenIds> sequences, List<List<Integer>> parts) {
        List<NDArray> chunks = new ArrayList<>();
        long[] rank = new long[sequences.size()];
        int next = 0;
        for (List<Integer> part : parts) {
            chunks.add(tokens_RCT(manager, part.stream().map(sequences::get).toList()));
            for (int index : part) {
                rank[index] = next++;
            }
        }
        NDList arguments = TorchModule.list("chunks", chunks);
        arguments.add(manager.create(rank));
        return arguments;
    }

    /** (3, C, T): token ids, token types, and 1 where there is a token, 0 where there is padding; (2, C, T) without padding. */
    private static NDArray tokens_RCT(NDManager manager, List<TokenIds> sequences) {
        int count = sequences.size();
        int longest = sequences.stream().mapToInt(TokenIds::length).max().orElseThrow();
        int rows = sequences.stream().allMatch(sequence -> sequence.length() == longest) ? 2 : 3;
        long[] tokens = new long[rows * count * longest];
        for (int c = 0; c < count; c++) {
            TokenIds sequence = sequences.get(c);
            for (int t = 0; t < sequence.length(); t++) {
                int at = c * longest + t;
                tokens[at] = sequence.ids()[t];
                tokens[count * longest + at] = sequence.types()[t];
                if (rows > 2) {
                    tokens[2 * count * longest + at] = 1;
                }
            }
        }
        return manager.create(tokens, new Shape(rows, count, longest));
    }

    /** Indices by length, longest first, in parts of at most {@code budget} tokens when each is padded to its longest. */
    static List<List<Integer>> partition(List<TokenIds> sequences, int budget) {
        List<Integer> byLength = IntStream.range(0, sequences.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> sequences.get(i).length())
                        .reversed())
                .toList();
        List<List<Integer>> parts = new ArrayList<>();
        for (int from = 0; from < byLength.size(); ) {
            int fitting = Math.max(1, budget / sequences.get(byLength.get(from)).length());
            int to = Math.min(byLength.size(), from + fitting);
            parts.add(byLength.subList(from, to));
            from = to;
        }
        return parts;
    }
}
