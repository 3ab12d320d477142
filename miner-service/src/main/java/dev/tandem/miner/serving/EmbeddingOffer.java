package dev.tandem.miner.serving;

import java.io.IOException;
import java.nio.file.Path;

/** Embeddings that come with a promotion. */
interface EmbeddingOffer {
    /**
     * Copies them, verified, to a file that is not there yet; they may still be of another vector space.
     *
     * @throws IOException if they cannot be reached
     * @throws dev.tandem.retrieval.checkpoint.CheckpointCorruptedException if they are not what the promotion says
     */
    void fetch(Path target) throws IOException;
}
