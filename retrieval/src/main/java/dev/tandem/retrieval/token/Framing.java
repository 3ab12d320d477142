package dev.tandem.retrieval.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The special tokens that a tokenizer's post-processor puts before, between and after the parts of a sequence, and the type
 * it gives each part: {@code [CLS] A [SEP] B [SEP]} for BERT, {@code <s> A </s></s> B </s>} for RoBERTa.
 */
final class Framing {
    /** One run of special tokens more than there are parts. */
    private final List<TokenIds> specials;

    private final int[] partTypes;

    private Framing(List<TokenIds> specials, int[] partTypes) {
        this.specials = specials;
        this.partTypes = partTypes;
    }

    /**
     * Learned from an example.
     *
     * @param framed the example, framed
     * @param special for each of its tokens, 1 if the post-processor added it
     * @param pieces number of pieces of each part, at least 1
     * @param parts number of parts
     */
    static Framing of(TokenIds framed, long[] special, int pieces, int parts) {
        List<TokenIds> specials = new ArrayList<>();
        int[] partTypes = new int[parts];
        int at = 0;
        for (int part = 0; part <= parts; part++) {
            int from = at;
            while (at < framed.length() && special[at] == 1) {
                at++;
            }
            specials.add(slice(framed, from, at));
            if (part < parts && at < framed.length()) {
                partTypes[part] = framed.types()[at];
                at += pieces;
            }
        }
        if (at != framed.length() || specials.get(0).length() == 0) {
            throw new IllegalArgumentException(
                    "Expected a post-processor in tokenizer.json that puts special tokens before, between and after texts, found that it frames an example as "
                            + framed);
        }
        return new Framing(specials, partTypes);
    }

    /** Number of special tokens. */
    int added() {
        return specials.stream().mapToInt(TokenIds::length).sum();
    }

    /** One more than the largest type. */
    int types() {
        int largest = Arrays.stream(partTypes).max().orElse(0);
        for (TokenIds run : specials) {
            largest = Math.max(largest, Arrays.stream(run.types()).max().orElse(0));
        }
        return largest + 1;
    }

    /** One part, of which the first {@code kept} pieces stay. */
    TokenIds frame(int[] pieces, int kept) {
        return frame(List.of(pieces), kept);
    }

    /** Two parts, of which the first {@code keptFirst} and {@code keptSecond} pieces stay. */
    TokenIds frame(int[] first, int keptFirst, int[] second, int keptSecond) {
        return frame(List.of(first, second), keptFirst, keptSecond);
    }

    private TokenIds frame(List<int[]> parts, int... kept) {
        int length = added() + Arrays.stream(kept).sum();
        int[] ids = new int[length];
        int[] types = new int[length];
        int at = put(specials.get(0), ids, types, 0);
        for (int part = 0; part < kept.length; part++) {
            System.arraycopy(parts.get(part), 0, ids, at, kept[part]);
            Arrays.fill(types, at, at + kept[part], partTypes[part]);
            at = put(specials.get(part + 1), ids, types, at + kept[part]);
        }
        return new TokenIds(ids, types);
    }

    private static int put(TokenIds run, int[] ids, int[] types, int at) {
        System.arraycopy(run.ids(), 0, ids, at, run.length());
        System.arraycopy(run.types(), 0, types, at, run.length());
        return at + run.length();
    }

    private static TokenIds slice(TokenIds tokens, int from, int to) {
        return new TokenIds(Arrays.copyOfRange(tokens.ids(), from, to), Arrays.copyOfRange(tokens.types(), from, to));
    }
}
