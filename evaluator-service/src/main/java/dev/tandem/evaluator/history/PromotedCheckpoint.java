package dev.tandem.evaluator.history;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * A promotion.
 *
 * @param previous champion before, null for the first
 * @param metrics on the gate and on the report queries
 * @param promotedBy evaluator, or who asked for it
 * @param frozen whether no checkpoint is promoted by the rule from then on
 * @param anchor keys of the judged gate queries that later checkpoints must not lose; empty unless this promotion set them
 * @param embeddingsUri where embeddings made with it are, null where none are offered
 */
public record PromotedCheckpoint(
        String id,
        String uri,
        String digest,
        long step,
        boolean rerankerTrained,
        String previous,
        List<MetricValue> metrics,
        String reason,
        String promotedBy,
        Instant promotedAt,
        boolean frozen,
        List<String> anchor,
        String embeddingsUri) {
    public PromotedCheckpoint {
        requireNonNull(id, "id is null");
        requireNonNull(uri, "uri is null");
        requireNonNull(digest, "digest is null");
        requireNonNull(reason, "reason is null");
        requireNonNull(promotedBy, "promotedBy is null");
        requireNonNull(promotedAt, "promotedAt is null");
        metrics = List.copyOf(metrics);
        anchor = List.copyOf(anchor);
    }

    /** The same with embeddings. */
    public PromotedCheckpoint offering(String uri) {
        return new PromotedCheckpoint(
                id,
                this.uri,
                digest,
                step,
                rerankerTrained,
                previous,
                metrics,
                reason,
                promotedBy,
                promotedAt,
                frozen,
                anchor,
                uri);
    }

    /** Whether another checkpoint is champion since; else only promotions were frozen or unfrozen. */
    public boolean changesChampion() {
        return !id.equals(previous);
    }
}
