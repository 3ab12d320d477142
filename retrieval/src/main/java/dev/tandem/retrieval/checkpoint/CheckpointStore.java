package dev.tandem.retrieval.checkpoint;

import dev.tandem.retrieval.Checkpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Checkpoints in a directory or in S3: a reader sees a checkpoint whole or not at all, and never one that was changed.
 *
 * <p>Many processes may read while one writes. An {@link IOException} says that the store cannot be reached now, and nothing
 * about any checkpoint: try again. A {@link CheckpointCorruptedException} says that a checkpoint must not be loaded.
 */
public interface CheckpointStore {
    /**
     * The store that the settings of a service name; a directory is created where there is none.
     *
     * @throws IllegalArgumentException if the region of a store in S3 is neither set nor known from the environment
     * @throws java.io.UncheckedIOException if the directory cannot be created
     */
    static CheckpointStore at(StoreSettings settings) {
        return settings.inS3()
                .<CheckpointStore>map(place -> S3CheckpointStore.at(place, settings))
                .orElseGet(() -> in(Path.of(settings.location())));
    }

    /**
     * The store in a directory, which is created where there is none.
     *
     * @throws java.io.UncheckedIOException if it cannot be created
     */
    static CheckpointStore in(Path directory) {
        return new DirectoryCheckpointStore(directory);
    }

    /** Begins a checkpoint: fill {@link Writing#directory()}, then {@link Writing#commit}. */
    Writing begin(String id) throws IOException;

    /** A checkpoint being written; closing it without a commit leaves no trace. */
    interface Writing extends AutoCloseable {
        /** Where the files of the checkpoint go. */
        Path directory();

        /**
         * Makes the checkpoint visible. A checkpoint of this id that is there already stays as it is and is returned:
         * ids are never reused for other content.
         *
         * @throws IllegalArgumentException if the header has another id than the checkpoint was begun with
         */
        Checkpoint commit(CheckpointManifest.Header header) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** URI of a checkpoint in this store, as events carry it. */
    URI uri(String id);

    /**
     * The checkpoint of an event, verified file by file. A store in S3 hands out a local copy, which stays at least until
     * two others were opened.
     *
     * @param uri where the event says it is; anything that is not a checkpoint directly in this store is refused
     * @param digest SHA-256 of its manifest, as the event says
     * @throws CheckpointCorruptedException if it is elsewhere, missing, incomplete or changed
     */
    Checkpoint open(URI uri, String digest) throws IOException;

    /** A checkpoint by its id; verified only where it has to be fetched. */
    Optional<Checkpoint> find(String id) throws IOException;

    /**
     * A checkpoint outside of any store, such as a copy: its files are compared with its manifest.
     *
     * @throws CheckpointCorruptedException if it is incomplete or changed
     */
    static Checkpoint copyIn(Path directory) throws IOException {
        return CheckpointFiles.copy(directory);
    }

    /** What an opened checkpoint consists of. */
    static CheckpointManifest manifest(Checkpoint checkpoint) throws IOException {
        return CheckpointManifest.parse(checkpoint.id(), CheckpointFiles.manifest(checkpoint.directory()));
    }

    /** What {@link #describe} has told of a checkpoint; empty if nothing. */
    Optional<String> card(String id) throws IOException;

    /**
     * Tells people about a checkpoint, in Markdown, as {@code README.md} in its directory. Its manifest does not vouch for
     * that file, for it is written later than the checkpoint, and a copy in a reader's cache goes without.
     *
     * @throws CheckpointCorruptedException if there is no such checkpoint
     */
    void describe(String id, String card) throws IOException;

    /** Embeddings of passages beside these checkpoints. */
    OfferedEmbeddings embeddings();

    /** All checkpoints, by step, then id; one whose manifest cannot be understood is left out. */
    List<CheckpointManifest> list() throws IOException;

    /** Whether a checkpoint is in the store itself, so that others can open it; a copy at hand says nothing. */
    default boolean holds(String id) throws IOException {
        return list().stream().anyMatch(manifest -> manifest.header().id().equals(id));
    }

    /** Removes a checkpoint; nothing happens where there is none. */
    void delete(String id) throws IOException;

    /** Removes what a writer that was killed has left; to be called by the one writer at its start. */
    void discardUnfinished() throws IOException;
}
