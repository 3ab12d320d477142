package dev.tandem.trainer;

import java.util.Set;

/**
 * What is known of promotions.
 *
 * @param promoted ids of all checkpoints ever promoted
 * @param champion id of the present one, null before the first
 */
public record Promotions(Set<String> promoted, String champion) {
    /** Nothing was promoted yet. */
    public static final Promotions NONE = new Promotions(Set.of(), null);

    public Promotions {
        promoted = Set.copyOf(promoted);
    }
}
