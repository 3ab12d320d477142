package dev.tandem.quickstart.doctor;

import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.checkpoint.StoreSettings;
import java.io.IOException;

/** A checkpoint store: can it be listed, and can a checkpoint be begun in it. */
public final class StoreCheck {
    private static final String PROBE = "doctor-probe";

    private final StoreSettings settings;

    public StoreCheck(StoreSettings settings) {
        this.settings = settings;
    }

    /** Lists it, and begins and gives up a checkpoint there. */
    public Finding finding() {
        try {
            CheckpointStore store = CheckpointStore.at(settings);
            int checkpoints = store.list().size();
            try (CheckpointStore.Writing probe = store.begin(PROBE)) {
                return Finding.fine(
                        "store",
                        "%s holds %d checkpoints and takes new ones".formatted(settings.location(), checkpoints));
            }
        } catch (IOException | RuntimeException e) { // clients of object stores throw exceptions of their own
            return Finding.problem(
                    "store",
                    "%s: %s".formatted(settings.location(), e.getMessage()),
                    "May this user write there? For S3: endpoint, region and credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)");
        }
    }
}
