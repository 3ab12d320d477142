package dev.tandem.miner.serving;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the passages of champions are indexed.
 *
 * @param directory for what is on disk, of this process alone: graphs, and embeddings for a restart; empty where nothing shall be
 */
public record IndexSettings(IndexKind kind, Optional<Path> directory) {
    /** Exact search, and no trace on disk. */
    public static final IndexSettings IN_MEMORY = new IndexSettings(IndexKind.EXACT, Optional.empty());

    public IndexSettings {
        requireNonNull(kind, "kind is null");
        requireNonNull(directory, "directory is null");
        if (kind == IndexKind.HNSW && directory.isEmpty()) {
            throw new IllegalArgumentException("Expected a directory for an index of kind HNSW, got none");
        }
    }
}
