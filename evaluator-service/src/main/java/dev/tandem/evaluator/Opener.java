package dev.tandem.evaluator;

import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.evaluator.history.SavedCheckpoint;
import dev.tandem.evaluator.scoring.CheckpointModel;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.Compute;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/**
 * Opens checkpoints as models, each verified against its event. Every method throws {@link IOException} if the store cannot be
 * reached and {@link CheckpointCorruptedException} if the checkpoint is not what the event says.
 */
final class Opener {
    private final CheckpointStore store;
    private final Compute compute;

    Opener(CheckpointStore store, Compute compute) {
        this.store = store;
        this.compute = compute;
    }

    /** As it was announced; embeddings are shared with {@code others} where the retriever is the same. */
    CheckpointModel open(SavedCheckpoint saved, List<CheckpointModel> others) throws IOException {
        CheckpointModel opened = open(saved.id(), saved.uri(), saved.digest(), others);
        if (opened.isRerankerTrained() != saved.rerankerTrained()) {
            opened.close();
            throw new CheckpointCorruptedException(
                    "Checkpoint %s: its event says that its re-ranker %s trained, its manifest says otherwise"
                            .formatted(saved.id(), saved.rerankerTrained() ? "was" : "was not"));
        }
        return opened;
    }

    /** As it was promoted; else as the other. */
    CheckpointModel open(PromotedCheckpoint promoted, List<CheckpointModel> others) throws IOException {
        return open(promoted.id(), promoted.uri(), promoted.digest(), others);
    }

    private CheckpointModel open(String id, String uri, String digest, List<CheckpointModel> others)
            throws IOException {
        Checkpoint checkpoint = store.open(parse(uri), digest);
        if (!checkpoint.id().equals(id)) {
            throw new CheckpointCorruptedException(
                    "The event of checkpoint %s points to checkpoint %s".formatted(id, checkpoint.id()));
        }
        CheckpointManifest manifest = CheckpointStore.manifest(checkpoint);
        return CheckpointModel.open(checkpoint, manifest, compute, others);
    }

    /** Whether a checkpoint that was opened is still in the store. */
    boolean isStored(String id) throws IOException {
        return store.holds(id);
    }

    private static URI parse(String uri) {
        try {
            return new URI(uri);
        } catch (URISyntaxException e) {
            throw new CheckpointCorruptedException("Expected the URI of a checkpoint, got \"%s\"".formatted(uri), e);
        }
    }
}
