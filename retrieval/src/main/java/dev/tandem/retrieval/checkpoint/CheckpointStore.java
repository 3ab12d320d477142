package dev.tandem.retrieval.checkpoint;

import dev.tandem.retrieval.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Checkpoints in a directory: a reader sees a checkpoint whole or not at all, and never one that was changed.
 *
 * <p>A checkpoint is written aside, every file digested and forced to disk, then moved into place in one step. Many
 * processes may read while one writes.
 */
public final class CheckpointStore {
    private static final String UNFINISHED = ".writing-";

    private final Path root;

    /** Opens the store in a directory, which is created where it does not exist. */
    public CheckpointStore(Path root) {
        try {
            this.root =
                    Files.createDirectories(root.toAbsolutePath().normalize()).toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot create the checkpoint store %s; check the path and its permissions".formatted(root), e);
        }
    }

    /** Begins a checkpoint: fill {@link Writing#directory()}, then {@link Writing#commit}. */
    public Writing begin(String id) throws IOException {
        CheckpointManifest.requireId(id);
        return new Writing(id, Files.createDirectory(root.resolve(UNFINISHED + id + "-" + UUID.randomUUID())));
    }

    /** A checkpoint being written; closing it without a commit leaves no trace. */
    public final class Writing implements AutoCloseable {
        private final String id;
        private final Path directory;

        private Writing(String id, Path directory) {
            this.id = id;
            this.directory = directory;
        }

        /** Where the files of the checkpoint go. */
        public Path directory() {
            return directory;
        }

        /**
         * Makes the checkpoint visible. A checkpoint of this id that is there already stays as it is and is returned:
         * ids are never reused for other content.
         */
        public Checkpoint commit(CheckpointManifest.Header header) throws IOException {
            if (!header.id().equals(id)) {
                throw new IllegalArgumentException(
                        "The checkpoint was begun as %s, its header says %s".formatted(id, header.id()));
            }
            Path target = root.resolve(id);
            if (Files.exists(target)) {
                return find(id).orElseThrow();
            }
            Files.write(
                    directory.resolve(CheckpointManifest.FILE), describe(header).toJson());
            FileTree.force(directory);
            Files.move(directory, target, StandardCopyOption.ATOMIC_MOVE);
            FileTree.force(root, StandardOpenOption.READ);
            return find(id).orElseThrow();
        }

        private CheckpointManifest describe(CheckpointManifest.Header header) throws IOException {
            SortedMap<String, CheckpointManifest.FileEntry> files = new TreeMap<>();
            for (Path file : FileTree.files(directory)) {
                String name = directory.relativize(file).toString().replace('\\', '/');
                files.put(name, new CheckpointManifest.FileEntry(Digests.sha256(file), Files.size(file)));
            }
            return new CheckpointManifest(header, files);
        }

        @Override
        public void close() throws IOException {
            FileTree.delete(directory);
        }
    }

    /** URI of a checkpoint in this store, as events carry it. */
    public URI uri(String id) {
        CheckpointManifest.requireId(id);
        return URI.create("file://" + root.toUri().getRawPath() + id);
    }

    /**
     * The checkpoint of an event, verified file by file.
     *
     * @param uri where the event says it is; anything that is not a checkpoint directly in this store is refused
     * @param digest SHA-256 of its manifest, as the event says
     * @throws CheckpointCorruptedException if it is elsewhere, missing, incomplete or changed
     */
    public Checkpoint open(URI uri, String digest) {
        Path directory = inside(uri);
        String id = directory.getFileName().toString();
        byte[] manifest = readManifest(directory);
        String actual = Digests.sha256(manifest);
        if (!actual.equals(digest)) {
            throw new CheckpointCorruptedException(
                    ("Checkpoint %s has digest %s but its event says %s. It was changed after it was announced: delete"
                                    + " %s and let the trainer write a new one.")
                            .formatted(id, actual, digest, directory));
        }
        verify(directory, parse(directory, manifest));
        return new Checkpoint(id, directory, digest);
    }

    /** A checkpoint by its id, not verified. */
    public Optional<Checkpoint> find(String id) {
        CheckpointManifest.requireId(id);
        Path directory = root.resolve(id);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        return Optional.of(new Checkpoint(id, directory, Digests.sha256(readManifest(directory))));
    }

    /** What a checkpoint consists of. */
    public CheckpointManifest manifest(Checkpoint checkpoint) {
        return parse(checkpoint.directory(), readManifest(checkpoint.directory()));
    }

    /** All checkpoints, by step, then id; one whose manifest cannot be read is left out. */
    public List<CheckpointManifest> list() {
        List<CheckpointManifest> found = new ArrayList<>();
        try (Stream<Path> children = Files.list(root)) {
            for (Path child : (Iterable<Path>) children::iterator) {
                readable(child).ifPresent(found::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the checkpoint store " + root, e);
        }
        found.sort(Comparator.comparingLong((CheckpointManifest m) -> m.header().step())
                .thenComparing(m -> m.header().id()));
        return found;
    }

    private static Optional<CheckpointManifest> readable(Path child) {
        if (child.getFileName().toString().startsWith(UNFINISHED)
                || !Files.isRegularFile(child.resolve(CheckpointManifest.FILE))) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(child, readManifest(child)));
        } catch (CheckpointCorruptedException e) {
            return Optional.empty(); // opening it by its event says what is wrong
        }
    }

    /** Removes a checkpoint; nothing happens where there is none. */
    public void delete(String id) throws IOException {
        CheckpointManifest.requireId(id);
        Path directory = root.resolve(id);
        if (Files.exists(directory)) { // out of sight first, so that nobody opens half of it
            Path aside = root.resolve(UNFINISHED + "deleting-" + UUID.randomUUID());
            Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
            FileTree.delete(aside);
        }
    }

    /** Removes what a writer that was killed has left; to be called by the one writer at its start. */
    public void discardUnfinished() throws IOException {
        try (Stream<Path> children = Files.list(root)) {
            for (Path child : (Iterable<Path>) children::iterator) {
                if (child.getFileName().toString().startsWith(UNFINISHED)) {
                    FileTree.delete(child);
                }
            }
        }
    }

    private Path inside(URI uri) {
        String expected = "Expected the URI of a checkpoint directly in %s, got %s".formatted(root.toUri(), uri);
        if (!"file".equals(uri.getScheme())
                || (uri.getAuthority() != null && !uri.getAuthority().isEmpty())
                || uri.getPath() == null) {
            throw new CheckpointCorruptedException(expected);
        }
        Path path = Path.of(uri.getPath());
        if (!path.equals(path.normalize()) || !root.equals(path.getParent())) {
            throw new CheckpointCorruptedException(expected);
        }
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new CheckpointCorruptedException(
                    "Checkpoint %s is not in the store %s; it may have been removed by retention"
                            .formatted(path.getFileName(), root));
        }
        return path;
    }

    private static byte[] readManifest(Path directory) {
        Path file = directory.resolve(CheckpointManifest.FILE);
        try {
            if (Files.size(file) > CheckpointManifest.MAX_BYTES) {
                throw new CheckpointCorruptedException("%s has %d bytes, expected at most %d"
                        .formatted(file, Files.size(file), CheckpointManifest.MAX_BYTES));
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CheckpointCorruptedException("Cannot read %s: %s".formatted(file, e), e);
        }
    }

    private static CheckpointManifest parse(Path directory, byte[] manifest) {
        try {
            CheckpointManifest parsed = CheckpointManifest.fromJson(manifest);
            if (!directory.getFileName().toString().equals(parsed.header().id())) {
                throw new IllegalArgumentException(
                        "it says it is checkpoint " + parsed.header().id());
            }
            return parsed;
        } catch (IOException | IllegalArgumentException e) {
            throw new CheckpointCorruptedException(
                    "The manifest of checkpoint %s is malformed: %s".formatted(directory.getFileName(), e.getMessage()),
                    e);
        }
    }

    private static void verify(Path directory, CheckpointManifest manifest) {
        manifest.files().forEach((name, entry) -> {
            Path file = directory.resolve(name);
            try {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != entry.bytes()) {
                    throw new CheckpointCorruptedException(
                            "Checkpoint %s: %s is missing or has another size than the %d bytes its manifest says"
                                    .formatted(manifest.header().id(), name, entry.bytes()));
                }
                String actual = Digests.sha256(file);
                if (!actual.equals(entry.sha256())) {
                    throw new CheckpointCorruptedException("Checkpoint %s: %s has SHA-256 %s, its manifest says %s"
                            .formatted(manifest.header().id(), name, actual, entry.sha256()));
                }
            } catch (IOException e) {
                throw new CheckpointCorruptedException("Cannot read %s: %s".formatted(file, e), e);
            }
        });
    }
}
