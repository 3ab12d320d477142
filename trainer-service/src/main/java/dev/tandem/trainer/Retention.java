package dev.tandem.trainer;

import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which checkpoints may be deleted: all but the newest ones, those ever promoted, and those that may be being evaluated, for they
 * were not decided about. An evaluator that has stopped must not fill the store: of the undecided, too, only so many are kept.
 */
final class Retention {
    private Retention() {}

    /**
     * Ids of the checkpoints that may go.
     *
     * @param inStore oldest first
     * @param keep newest ones that stay
     * @param keepUndecided newest ones among which the undecided stay
     * @param known which were promoted, and which were decided about
     */
    static List<String> expendable(List<CheckpointManifest> inStore, int keep, int keepUndecided, Promotions known) {
        List<String> ids =
                inStore.stream().map(manifest -> manifest.header().id()).toList();
        Set<String> awaited =
                new HashSet<>(ids.subList(Math.max(0, ids.size() - Math.max(keep, keepUndecided)), ids.size()));
        awaited.removeAll(known.decided());
        return ids.stream()
                .limit(Math.max(0, ids.size() - keep))
                .filter(id -> !known.promoted().contains(id))
                .filter(id -> !awaited.contains(id))
                .toList();
    }
}
