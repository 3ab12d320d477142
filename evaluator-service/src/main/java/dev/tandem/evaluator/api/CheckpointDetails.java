package dev.tandem.evaluator.api;

import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.evaluator.history.SavedCheckpoint;
import java.util.List;
import java.util.Map;

/**
 * Everything known of one checkpoint.
 *
 * @param lineage it and those it was trained from, itself first
 * @param promotions each time it was promoted
 * @param inStore whether it can still be had; without it recipe and files are empty
 * @param recipe hyperparameters by name
 */
public record CheckpointDetails(
        CheckpointView checkpoint,
        List<Ancestor> lineage,
        List<PromotedCheckpoint> promotions,
        boolean inStore,
        Map<String, String> recipe,
        List<FileView> files) {
    /** One checkpoint of a line. */
    public record Ancestor(String id, long step, String stage) {
        static Ancestor of(SavedCheckpoint saved) {
            return new Ancestor(saved.id(), saved.step(), saved.stage());
        }
    }

    /** A file to download; its digest is null where the manifest does not vouch for it. */
    public record FileView(String path, Long bytes, String sha256, String href) {}
}
