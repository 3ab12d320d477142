package dev.tandem.trainer;

import static java.util.Objects.requireNonNull;

import dev.tandem.events.CheckpointSaved;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.trainer.resume.TrainingState;
import dev.tandem.trainer.stage.Models;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a training: written, then announced, then kept as long as they are wanted.
 *
 * <p>Whoever is killed between writing and announcing announces again at the next start; the announcement of a checkpoint is
 * the same each time, so that consumers can drop the twin.
 */
public final class Checkpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    /** Undecided checkpoints are kept among so many times the newest ones that are kept anyway. */
    private static final int UNDECIDED = 4;

    private final CheckpointStore store;
    private final int keep;
    private final int keepUndecided;
    private final Consumer<CheckpointSaved> announcements;

    /**
     * The checkpoints of the one training that writes into a store.
     *
     * @param keep newest checkpoints to keep, beside those promoted or undecided
     * @param announcements told of every checkpoint once it can be opened
     */
    public Checkpoints(CheckpointStore store, int keep, Consumer<CheckpointSaved> announcements) {
        this(store, keep, UNDECIDED * keep, announcements);
    }

    private Checkpoints(CheckpointStore store, int keep, int keepUndecided, Consumer<CheckpointSaved> announcements) {
        this.store = requireNonNull(store, "store is null");
        this.keep = keep;
        this.keepUndecided = keepUndecided;
        this.announcements = requireNonNull(announcements, "announcements is null");
    }

    /** The checkpoints of a training that announces nothing, so that nobody decides about them. */
    public Checkpoints(CheckpointStore store, int keep) {
        this(store, keep, keep, saved -> {});
    }

    /** The newest checkpoint that is whole and holds the state of a training; it is announced again. */
    public Optional<Checkpoint> newest() throws IOException {
        store.discardUnfinished();
        List<CheckpointManifest> all = store.list();
        for (int i = all.size() - 1; i >= 0; i--) {
            String id = all.get(i).header().id();
            try {
                Checkpoint found = store.find(id).orElseThrow();
                Checkpoint verified = store.open(store.uri(id), found.digest());
                if (TrainingState.isIn(verified.directory())) {
                    announce(verified, TrainingState.read(verified.directory()));
                    return Optional.of(verified);
                }
            } catch (CheckpointCorruptedException e) {
                LOG.error("Passed over a damaged checkpoint, going on from the one before checkpoint={}", id, e);
            }
        }
        return Optional.empty();
    }

    /** Writes and announces a checkpoint, and deletes those that nobody needs any more. */
    public void save(TrainingState state, Models models, Promotions known) throws IOException {
        try (CheckpointStore.Writing writing = store.begin(state.checkpoint())) {
            models.save(writing.directory());
            state.write(writing.directory());
            Checkpoint saved = writing.commit(new CheckpointManifest.Header(
                    state.checkpoint(),
                    state.parent(),
                    state.step(),
                    state.stage().name(),
                    state.rerankerTrained()));
            announce(saved, state);
        }
        deleteExpendable(known);
    }

    private void deleteExpendable(Promotions known) {
        try {
            for (String id : Retention.expendable(store.list(), keep, keepUndecided, known)) {
                store.delete(id);
            }
        } catch (IOException e) { // the new one is saved all the same
            LOG.warn("Cannot delete old checkpoints; tried again after the next is saved", e);
        }
    }

    private void announce(Checkpoint checkpoint, TrainingState state) {
        announcements.accept(TrainerEvents.checkpointSaved(checkpoint, store.uri(checkpoint.id()), state));
    }
}
