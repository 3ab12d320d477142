package dev.tandem.evaluator.offline;

import dev.tandem.evaluator.scoring.CheckpointModel;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.InvalidModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model in a directory of the user's, opened for ranking. */
public final class OfflineModel {
    private OfflineModel() {}

    /**
     * Opens a checkpoint (verified; its re-ranker if that was trained), an initial directory (its retriever, for nobody has
     * trained its re-ranker), or a model of sentence-transformers.
     *
     * @throws dev.tandem.retrieval.checkpoint.CheckpointCorruptedException if a checkpoint is not what its manifest says
     * @throws InvalidModelException if it is none of these
     */
    public static CheckpointModel open(Path directory, Compute compute) throws IOException {
        String name = directory.toAbsolutePath().normalize().getFileName().toString();
        if (Files.exists(directory.resolve("manifest.json"))) {
            Checkpoint checkpoint = CheckpointStore.copyIn(directory);
            return CheckpointModel.open(checkpoint, CheckpointStore.manifest(checkpoint), compute, List.of());
        }
        if (Files.exists(directory.resolve("encoding.json"))) {
            return CheckpointModel.of(name, DualEncoder.open(directory, compute), Optional.empty());
        }
        if (Files.exists(directory.resolve("modules.json"))) {
            return CheckpointModel.of(name, DualEncoder.openSentenceTransformers(directory, compute), Optional.empty());
        }
        throw new InvalidModelException(
                "Expected a checkpoint (manifest.json), an initial directory (encoding.json) or a model of sentence-transformers (modules.json) in %s, found none of them."
                        .formatted(directory));
    }
}
