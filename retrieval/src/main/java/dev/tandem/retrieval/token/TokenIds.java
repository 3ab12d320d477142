package dev.tandem.retrieval.token;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * One framed sequence without padding: token ids and, for each, the part it belongs to (0 or 1).
 *
 * <p>The arrays are not copied: they are made once by the tokenizer and only read afterwards.
 */
@SuppressWarnings("ArrayRecordComponent") // boxed lists would cost ten times the memory; equality is by content below
public record TokenIds(int[] ids, int[] types) {
    public TokenIds {
        requireNonNull(ids, "ids is null");
        requireNonNull(types, "types is null");
        if (ids.length != types.length) {
            throw new IllegalArgumentException(
                    "Expected as many types as ids, found %d ids and %d types".formatted(ids.length, types.length));
        }
    }

    /** Number of tokens, special tokens included. */
    public int length() {
        return ids.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenIds that && Arrays.equals(ids, that.ids) && Arrays.equals(types, that.types);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + Arrays.hashCode(types);
    }

    @Override
    public String toString() {
        return "TokenIds[ids=%s, types=%s]".formatted(Arrays.toString(ids), Arrays.toString(types));
    }
}
