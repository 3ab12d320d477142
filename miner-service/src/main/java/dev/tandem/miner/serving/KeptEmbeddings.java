package dev.tandem.miner.serving;

import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import dev.tandem.retrieval.index.EmbeddingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embeddings of a checkpoint on the miner's own disk.
 *
 * @param isOffered whether they came with the promotion just now, instead of from a former life or nowhere
 */
record KeptEmbeddings(EmbeddingFile file, boolean isOffered) {
    private static final Logger LOG = LoggerFactory.getLogger(KeptEmbeddings.class);
    /** Files beside the champion's: its predecessor's, so that a rollback encodes nothing. */
    private static final int MOST_OTHERS = 1;

    /**
     * Opens the file of a checkpoint; those of other checkpoints are deleted, but for the last one. Empty where it cannot be
     * opened.
     *
     * @param digest of the checkpoint
     * @param offer asked where there is no file of the checkpoint yet
     */
    static Optional<KeptEmbeddings> open(
            Path directory, String digest, String space, int dimension, Optional<EmbeddingOffer> offer) {
        Path path = directory.resolve(digest);
        try {
            Files.createDirectories(directory);
            boolean isOffered = !Files.exists(path) && offer.isPresent() && take(offer.get(), aside(directory), path);
            EmbeddingFile file = EmbeddingFile.open(path, space, dimension);
            Files.setLastModifiedTime(path, FileTime.from(Instant.now()));
            discardOld(path);
            return Optional.of(new KeptEmbeddings(file, isOffered));
        } catch (IOException e) {
            LOG.warn("Embeddings cannot be kept, a restart will encode all passages again: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static Path aside(Path directory) {
        return directory.resolveSibling("offered-embeddings");
    }

    private static boolean take(EmbeddingOffer offer, Path aside, Path path) {
        try {
            Files.deleteIfExists(aside); // of a process that was killed
            offer.fetch(aside);
            Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException | CheckpointCorruptedException e) {
            LOG.warn(
                    "The embeddings that came with the promotion are not used, passages are encoded: {}",
                    e.getMessage());
            return false;
        }
    }

    private static void discardOld(Path champion) throws IOException {
        Map<Path, FileTime> others = new HashMap<>();
        try (Stream<Path> found = Files.list(champion.getParent())) {
            for (Path path : found.toList()) {
                others.put(path, Files.getLastModifiedTime(path));
            }
        }
        others.remove(champion);
        List<Path> oldestLast = new ArrayList<>(others.keySet());
        oldestLast.sort(Comparator.<Path, FileTime>comparing(others::get).reversed());
        for (Path path : oldestLast.subList(Math.min(MOST_OTHERS, oldestLast.size()), oldestLast.size())) {
            Files.delete(path);
        }
    }
}
