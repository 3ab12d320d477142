package dev.tandem.trainer.offline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * Everything of a run on disk, used by one process at a time.
 *
 * <pre>
 * DIR/checkpoints/   the newest checkpoints
 *    /initial/       models to begin from, where they had to be made
 *    /run.json       which files it learns from
 *    /losses.jsonl   one line per update
 *    /losses.html    their plot
 * </pre>
 */
public final class RunDirectory implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory;
    private final FileChannel lockFile;
    private final CheckpointStore store;

    private RunDirectory(Path directory, FileChannel lockFile) {
        this.directory = directory;
        this.lockFile = lockFile;
        this.store = new CheckpointStore(directory.resolve("checkpoints"));
    }

    /**
     * Takes the directory; creates it where there is none.
     *
     * @throws IOException if another run uses it, or it cannot be written
     */
    public static RunDirectory take(Path directory) throws IOException {
        Path absolute = Files.createDirectories(directory.toAbsolutePath().normalize());
        FileChannel lockFile =
                FileChannel.open(absolute.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked(lockFile)) {
            lockFile.close();
            throw new IOException("A training is running in %s already. Stop it, or take another directory by --out."
                    .formatted(absolute));
        }
        return new RunDirectory(absolute, lockFile);
    }

    private static boolean isLocked(FileChannel lockFile) throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // by this process
        }
    }

    /**
     * Notes which files the run learns from.
     *
     * @throws IOException if it has learned from others so far
     */
    void claim(List<ListFile> files) throws IOException {
        Path note = directory.resolve("run.json");
        ArrayNode now = describe(files);
        if (newest().isPresent() && Files.exists(note)) {
            JsonNode before = JSON.readTree(note.toFile()).path("lists");
            if (!contents(before).equals(contents(now))) {
                throw new IOException(
                        "Expected the files that the run in %s has learned from so far, in their order: %s. Got %s. Give the same files, or another directory by --out."
                                .formatted(directory, before, now));
            }
        }
        Path aside = directory.resolve("run.json.part");
        Files.writeString(aside, JSON.createObjectNode().set("lists", now).toPrettyString() + "\n");
        Files.move(aside, note, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static ArrayNode describe(List<ListFile> files) {
        ArrayNode described = JSON.createArrayNode();
        files.forEach(file -> described
                .addObject()
                .put("file", file.path().toString())
                .put("format", file.layout().label())
                .put("bytes", file.bytes())
                .put("sha256", file.sha256()));
        return described;
    }

    /** What must not change: a file may be moved. */
    private static List<String> contents(JsonNode files) {
        return files.findValuesAsText("sha256");
    }

    /** The newest checkpoint's manifest, if there is any; not verified. */
    public Optional<CheckpointManifest.Header> newest() {
        List<CheckpointManifest> all = store.list();
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(all.get(all.size() - 1).header());
    }

    /** Where a checkpoint lies. */
    public Path checkpoint(String id) {
        return store.find(id).map(Checkpoint::directory).orElseThrow();
    }

    /** Where models to begin from may be made. */
    public Path initial() {
        return directory.resolve("initial");
    }

    CheckpointStore store() {
        return store;
    }

    Path losses() {
        return directory.resolve("losses.jsonl");
    }

    /** Where the plot of the losses is written. */
    public Path plot() {
        return directory.resolve("losses.html");
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
