package dev.tandem.retrieval;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * Both encoders and the whole state of training, in one directory under one digest.
 *
 * @param id unique in its store
 * @param directory where its files are
 * @param digest SHA-256 of its manifest, in hex; the manifest holds the SHA-256 of every file
 */
public record Checkpoint(String id, Path directory, String digest) {
    public Checkpoint {
        requireNonNull(id, "id is null");
        requireNonNull(directory, "directory is null");
        requireNonNull(digest, "digest is null");
    }
}
