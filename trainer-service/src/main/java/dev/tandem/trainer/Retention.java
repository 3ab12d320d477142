package dev.tandem.trainer;

import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import java.util.List;
import java.util.Set;

/** Which checkpoints may be deleted: all but the newest ones and those ever promoted. */
final class Retention {
    private Retention() {}

    /**
     * Ids of the checkpoints that may go.
     *
     * @param inStore oldest first
     * @param keep newest ones that stay
     * @param promoted ids that stay for ever
     */
    static List<String> expendable(List<CheckpointManifest> inStore, int keep, Set<String> promoted) {
        return inStore.stream()
                .limit(Math.max(0, inStore.size() - keep))
                .map(manifest -> manifest.header().id())
                .filter(id -> !promoted.contains(id))
                .toList();
    }
}
