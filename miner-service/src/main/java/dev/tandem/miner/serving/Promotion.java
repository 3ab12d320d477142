package dev.tandem.miner.serving;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Optional;

/**
 * The decision that a checkpoint shall serve.
 *
 * @param checkpointId the new champion
 * @param uri its directory in the checkpoint store
 * @param digest SHA-256 of its manifest
 * @param rerankerTrained false while its cross encoder must not be asked
 * @param embeddings URI, as the event says it, of passages that it has embedded already; empty where none are offered
 */
public record Promotion(
        String checkpointId, URI uri, String digest, boolean rerankerTrained, Optional<String> embeddings) {
    public Promotion {
        requireNonNull(checkpointId, "checkpointId is null");
        requireNonNull(uri, "uri is null");
        requireNonNull(digest, "digest is null");
        requireNonNull(embeddings, "embeddings is null");
    }
}
