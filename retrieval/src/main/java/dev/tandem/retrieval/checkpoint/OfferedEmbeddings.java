package dev.tandem.retrieval.checkpoint;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Embeddings of passages beside the checkpoints they were made with, for whoever would otherwise make them again.
 *
 * <p>A checkpoint has one such file or none. It is called {@code embeddings-} and its SHA-256, so that the URI in an event vouches for
 * its content; the manifest does not, for it is written later, and a copy in a reader's cache goes without. It goes when the
 * checkpoint goes. An {@link IOException} says that the store cannot be reached now.
 */
public interface OfferedEmbeddings {
    /** What writes a file that is not there yet. */
    interface Content {
        void writeTo(Path file) throws IOException;
    }

    /**
     * Puts embeddings beside a checkpoint, in place of those that are there; returns where they are.
     *
     * @throws CheckpointCorruptedException if there is no such checkpoint
     */
    URI offer(String id, Content embeddings) throws IOException;

    /** Where those of a checkpoint are. */
    Optional<URI> find(String id) throws IOException;

    /**
     * Copies embeddings to a file that is not there yet, and is not there after any exception.
     *
     * @param id of the checkpoint beside which they must be
     * @param uri as an event says it
     * @param mostBytes larger ones are not read
     * @throws CheckpointCorruptedException if they are elsewhere, missing, too large, or not what the URI vouches for
     */
    void fetch(String id, String uri, long mostBytes, Path target) throws IOException;

    /** Deletes those of a checkpoint; nothing happens where there are none. */
    void withdraw(String id) throws IOException;
}
