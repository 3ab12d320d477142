package dev.tandem.evaluator.history;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;

/**
 * A checkpoint as its trainer announced it.
 *
 * @param parent checkpoint it was trained from, null for the first
 * @param uri where it is said to be; not trusted
 * @param digest SHA-256 of its manifest, in hex
 * @param losses mean of each loss term since the checkpoint before
 * @param lists candidate lists consumed so far
 * @param freshestFeedbackAt newest feedback it has learned from, null where unknown
 */
public record SavedCheckpoint(
        String id,
        String parent,
        long step,
        String stage,
        boolean rerankerTrained,
        String uri,
        String digest,
        Map<String, Double> losses,
        long lists,
        Instant freshestFeedbackAt,
        Instant savedAt) {
    public SavedCheckpoint {
        requireNonNull(id, "id is null");
        requireNonNull(stage, "stage is null");
        requireNonNull(uri, "uri is null");
        requireNonNull(digest, "digest is null");
        requireNonNull(savedAt, "savedAt is null");
        losses = Map.copyOf(losses);
    }
}
