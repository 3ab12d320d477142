package dev.tandem.trainer;

import java.util.Set;

/**
 * What is known of decisions about checkpoints.
 *
 * @param promoted ids of all checkpoints ever promoted
 * @param champion id of the present one, null before the first
 * @param decided ids of all checkpoints that were decided about, promoted or not
 */
public record Promotions(Set<String> promoted, String champion, Set<String> decided) {
    /** Nothing was decided yet. */
    public static final Promotions NONE = new Promotions(Set.of(), null, Set.of());

    public Promotions {
        promoted = Set.copyOf(promoted);
        decided = Set.copyOf(decided);
    }
}
