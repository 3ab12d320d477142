package dev.tandem.retrieval.checkpoint;

import dev.tandem.retrieval.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Local copies of checkpoints, used by one process. A copy is verified each time it is opened. The last three opened stay,
 * so that nobody loses one while reading it: a process opens one checkpoint after the other.
 */
final class CheckpointCache {
    static final int KEPT = 3;

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointCache.class);

    private final Path root;

    CheckpointCache(Path root) {
        this.root = FileTree.create(root, "cache of checkpoints");
        try {
            UnfinishedCheckpoint.discardAll(this.root);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot clean the cache of checkpoints %s; check its permissions".formatted(root), e);
        }
    }

    /** A whole copy of what the digest says; empty if there is none. */
    Optional<Checkpoint> open(String id, String digest) {
        Path directory = root.resolve(id);
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try {
            Checkpoint copy = CheckpointFiles.open(directory, digest);
            noteOpened(directory);
            return Optional.of(copy);
        } catch (CheckpointCorruptedException | IOException e) {
            LOG.warn("A local copy is not used, the store is asked checkpoint={} reason={}", id, e.getMessage());
            return Optional.empty();
        }
    }

    /** Begins a copy; {@link #keep} ends it. */
    UnfinishedCheckpoint begin(String id) throws IOException {
        return UnfinishedCheckpoint.begin(root, id);
    }

    /** Where a file about a checkpoint may be made before it goes up; nothing is there yet. */
    Path aside(String id) {
        return UnfinishedCheckpoint.aside(root, id);
    }

    /** Puts a verified copy in its place, and lets go of those opened longest ago. */
    Checkpoint keep(UnfinishedCheckpoint copy) throws IOException {
        delete(copy.id());
        Checkpoint kept = copy.moveIntoPlace();
        noteOpened(kept.directory());
        for (Path old : oldestBeyondKept()) {
            UnfinishedCheckpoint.delete(old);
        }
        return kept;
    }

    void delete(String id) throws IOException {
        UnfinishedCheckpoint.delete(root.resolve(id));
    }

    private static void noteOpened(Path directory) throws IOException {
        Files.setLastModifiedTime(directory, FileTime.from(Instant.now()));
    }

    private List<Path> oldestBeyondKept() throws IOException {
        record Copy(Path directory, FileTime opened) {}
        List<Copy> copies = new ArrayList<>();
        for (Path child : FileTree.children(root)) {
            if (!UnfinishedCheckpoint.is(child)) {
                copies.add(new Copy(child, Files.getLastModifiedTime(child)));
            }
        }
        copies.sort(Comparator.comparing(Copy::opened));
        return copies.stream()
                .limit(Math.max(0, copies.size() - KEPT))
                .map(Copy::directory)
                .toList();
    }
}
