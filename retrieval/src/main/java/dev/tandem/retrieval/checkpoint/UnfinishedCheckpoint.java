package dev.tandem.retrieval.checkpoint;

import dev.tandem.retrieval.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** A directory that is filled out of sight, then moved into place in one step; closed without that, it is deleted. */
final class UnfinishedCheckpoint implements AutoCloseable {
    private static final String PREFIX = ".writing-";

    private final String id;
    private final Path directory;

    private UnfinishedCheckpoint(String id, Path directory) {
        this.id = id;
        this.directory = directory;
    }

    static UnfinishedCheckpoint begin(Path root, String id) throws IOException {
        CheckpointManifest.requireId(id);
        return new UnfinishedCheckpoint(id, Files.createDirectory(aside(root, id)));
    }

    /** Where something about a checkpoint is made that is not finished; nothing is there yet. */
    static Path aside(Path root, String id) {
        return root.resolve(PREFIX + id + "-" + UUID.randomUUID());
    }

    String id() {
        return id;
    }

    Path directory() {
        return directory;
    }

    /** Digests the files and writes the manifest beside them; nothing may change after that. */
    CheckpointManifest seal(CheckpointManifest.Header header) throws IOException {
        if (!header.id().equals(id)) {
            throw new IllegalArgumentException(
                    "The checkpoint was begun as %s, its header says %s".formatted(id, header.id()));
        }
        SortedMap<String, CheckpointManifest.FileEntry> files = new TreeMap<>();
        for (Path file : FileTree.files(directory)) {
            String name = directory.relativize(file).toString().replace('\\', '/');
            files.put(name, new CheckpointManifest.FileEntry(Digests.sha256(file), Files.size(file)));
        }
        CheckpointManifest manifest = new CheckpointManifest(header, files);
        Files.write(directory.resolve(CheckpointManifest.FILE), manifest.toJson());
        return manifest;
    }

    /** Forces everything to disk and moves it where it belongs. */
    Checkpoint moveIntoPlace() throws IOException {
        Path root = directory.getParent();
        Path target = root.resolve(id);
        FileTree.force(directory);
        Files.move(directory, target, StandardCopyOption.ATOMIC_MOVE);
        FileTree.force(root, StandardOpenOption.READ);
        return new Checkpoint(id, target, Digests.sha256(CheckpointFiles.manifest(target)));
    }

    /** Deletes a finished one, out of sight first, so that nobody opens half of it. */
    static void delete(Path finished) throws IOException {
        if (Files.exists(finished)) {
            Path aside = aside(finished.getParent(), "deleting");
            Files.move(finished, aside, StandardCopyOption.ATOMIC_MOVE);
            FileTree.delete(aside);
        }
    }

    static boolean is(Path child) {
        return child.getFileName().toString().startsWith(PREFIX);
    }

    /** Deletes what was begun below a directory and not finished. */
    static void discardAll(Path root) throws IOException {
        for (Path child : FileTree.children(root)) {
            if (is(child)) {
                FileTree.delete(child);
            }
        }
    }

    @Override
    public void close() throws IOException {
        FileTree.delete(directory);
    }
}
