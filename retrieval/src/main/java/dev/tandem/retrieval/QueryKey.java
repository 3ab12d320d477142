package dev.tandem.retrieval;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A stable hash of a normalised query text: the same question asked twice has one key, whoever asks it.
 *
 * <p>Normalised means NFKC, lower case, runs of white space made one blank, ends trimmed. The key is the first 16 bytes
 * of the SHA-256 of that, in hex. Which queries are held out follows from the key alone, so that a repeated query never
 * straddles the split and every service can check it.
 *
 * @param value 32 hex digits
 */
public record QueryKey(String value) {
    private static final Pattern WHITE_SPACE = Pattern.compile("[\\s\\p{Z}]+");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");

    public QueryKey {
        requireNonNull(value, "value is null");
        if (!HEX.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "Expected a query key of 32 lower-case hex digits, got \"%s\"".formatted(value));
        }
    }

    /** Key of a query text. */
    public static QueryKey of(String text) {
        String folded = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        String normalised = WHITE_SPACE.matcher(folded).replaceAll(" ").strip();
        byte[] hash = sha256().digest(normalised.getBytes(UTF_8));
        return new QueryKey(HexFormat.of().formatHex(hash, 0, 16));
    }

    /**
     * Whether the query is kept for evaluation when nobody says otherwise.
     *
     * @param share share of all queries that is held out, 0 to 1
     */
    public boolean isHeldOut(double share) {
        return fraction(0) < share;
    }

    /**
     * Which half of the held-out queries it belongs to: true for the gate (the promotion rule looks at it), false for
     * the report (no decision has seen it). Independent of {@link #isHeldOut}.
     */
    public boolean isGate() {
        return fraction(8) < 0.5;
    }

    /**
     * Whether the query is mined although it has no label. Independent of {@link #isHeldOut} and {@link #isGate}.
     *
     * @param share share of all queries, 0 to 1
     */
    public boolean isMinedUnlabelled(double share) {
        return fraction(16) < share;
    }

    private double fraction(int digit) {
        return Long.parseLong(value.substring(digit, digit + 8), 16) / (double) (1L << 32);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
