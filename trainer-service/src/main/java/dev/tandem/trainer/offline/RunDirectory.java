package dev.tandem.trainer.offline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.file.DirectoryLock;
import dev.tandem.trainer.Checkpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Everything of a run on disk, used by one process at a time.
 *
 * <pre>
 * DIR/checkpoints/   the newest checkpoints
 *    /passed-over/   damaged ones that were the newest
 *    /initial/       models to begin from, where they had to be made
 *    /run.json       which files it learns from
 *    /losses.jsonl   one line per update
 *    /losses.html    their plot
 *    /lock           held by the process that uses it
 * </pre>
 */
public final class RunDirectory implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory;
    private final DirectoryLock lock;
    private final CheckpointStore store;
    private final Optional<Checkpoint> resumed;

    private RunDirectory(Path directory, DirectoryLock lock) throws IOException {
        this.directory = directory;
        this.lock = lock;
        this.store = CheckpointStore.in(directory.resolve("checkpoints"));
        this.resumed = new Checkpoints(store, Integer.MAX_VALUE).newest();
        setAsideWhatIsPassedOver();
    }

    /**
     * Takes the directory; creates it where there is none. Damaged checkpoints after the newest whole one are set aside, for
     * the run will save others by their ids.
     *
     * @throws IOException if another run uses it, or it cannot be written
     */
    public static RunDirectory take(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath().normalize();
        DirectoryLock lock = DirectoryLock.take(
                absolute,
                "A training is running in %s already. Stop it, or take another directory by --out."
                        .formatted(absolute));
        try {
            return new RunDirectory(absolute, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void setAsideWhatIsPassedOver() throws IOException {
        Set<String> kept = new HashSet<>();
        for (CheckpointManifest manifest : resumed.isPresent() ? store.list() : List.<CheckpointManifest>of()) {
            kept.add(manifest.header().id());
            if (manifest.header().id().equals(resumed.get().id())) {
                break;
            }
        }
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(directory.resolve("checkpoints"), path -> Files.isDirectory(path))) {
            for (Path checkpoint : all) {
                String id = checkpoint.getFileName().toString();
                if (!kept.contains(id)) {
                    Path aside = Files.createDirectories(directory.resolve("passed-over"));
                    Files.move(checkpoint, aside.resolve(id + "-" + UUID.randomUUID()));
                }
            }
        }
    }

    /**
     * Notes which files the run learns from.
     *
     * @throws IOException if it has learned from others so far, or nobody knows from which
     */
    void claim(List<ListFile> files) throws IOException {
        Path note = directory.resolve("run.json");
        ArrayNode now = describe(files);
        if (resumed.isPresent()) {
            JsonNode before = before(note);
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

    private JsonNode before(Path note) throws IOException {
        if (!Files.exists(note)) {
            throw new IOException(
                    "Expected %s beside the checkpoints of the run, found none: which files it has learned from is unknown. Put it back, or give another directory by --out."
                            .formatted(note));
        }
        return JSON.readTree(note.toFile()).path("lists");
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
        List<String> contents = new ArrayList<>();
        files.forEach(file -> contents.add(
                file.path("format").asText() + " " + file.path("sha256").asText()));
        return contents;
    }

    /** The checkpoint that the run goes on from, verified when the directory was taken; empty where it begins. */
    public Optional<Checkpoint> resumed() {
        return resumed;
    }

    /** The newest checkpoint's manifest, if there is any; not verified again. */
    public Optional<CheckpointManifest.Header> newest() {
        try {
            List<CheckpointManifest> all = store.list();
            return all.isEmpty()
                    ? Optional.empty()
                    : Optional.of(all.get(all.size() - 1).header());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the checkpoints in %s".formatted(directory), e);
        }
    }

    /** Where a checkpoint lies. */
    public Path checkpoint(String id) {
        return directory.resolve("checkpoints").resolve(id);
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
        lock.close();
    }
}
