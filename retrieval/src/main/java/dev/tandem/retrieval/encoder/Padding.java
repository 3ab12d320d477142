package dev.tandem.retrieval.encoder;

import dev.tandem.retrieval.token.TokenIds;
import java.util.List;

/** What sequences come to when each is padded to the longest of its chunk. */
public final class Padding {
    private Padding() {}

    /** Tokens computed for sequences that are encoded together with gradients, padding included. */
    public static long tokensComputed(List<TokenIds> sequences) {
        return TokenBatch.partition(sequences, Bert.TOKENS_PER_CHUNK).stream()
                .mapToLong(chunk ->
                        (long) chunk.size() * sequences.get(chunk.get(0)).length())
                .sum();
    }
}
