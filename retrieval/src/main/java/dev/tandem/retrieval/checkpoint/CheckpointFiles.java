package dev.tandem.retrieval.checkpoint;

import dev.tandem.retrieval.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The files of a checkpoint on disk: read, compared with what vouches for them. What cannot be read says nothing about the
 * checkpoint, and is an {@link IOException}; what is not there, or other than it should be, is corrupted.
 */
final class CheckpointFiles {
    /** For people; beside the manifest, not in it. */
    static final String CARD = "README.md";

    /** Far more than a card needs; a larger one is not read. */
    static final int MAX_CARD_BYTES = 1 << 20;

    private CheckpointFiles() {}

    /** The checkpoint in a directory, its manifest compared with the digest and its files with the manifest. */
    static Checkpoint open(Path directory, String digest) throws IOException {
        String id = directory.getFileName().toString();
        byte[] manifest = manifest(directory);
        requireDigest(id, manifest, digest);
        verify(directory, CheckpointManifest.parse(id, manifest));
        return new Checkpoint(id, directory, digest);
    }

    /** The checkpoint in a directory whatever it is called, its files compared with its manifest, for which nothing vouches. */
    static Checkpoint copy(Path directory) throws IOException {
        byte[] json = manifest(directory);
        CheckpointManifest manifest = parse(directory, json);
        verify(directory, manifest);
        return new Checkpoint(manifest.header().id(), directory, Digests.sha256(json));
    }

    private static CheckpointManifest parse(Path directory, byte[] json) {
        try {
            return CheckpointManifest.fromJson(json);
        } catch (IOException | IllegalArgumentException e) {
            throw new CheckpointCorruptedException(
                    "The manifest in %s is malformed: %s".formatted(directory, e.getMessage()), e);
        }
    }

    static void requireDigest(String id, byte[] manifest, String digest) {
        String actual = Digests.sha256(manifest);
        if (!actual.equals(digest)) {
            throw new CheckpointCorruptedException(
                    ("Checkpoint %s has digest %s but its event says %s. It was changed after it was announced: delete it"
                                    + " and let the trainer write a new one.")
                            .formatted(id, actual, digest));
        }
    }

    /** The manifest in a directory, unread. */
    static byte[] manifest(Path directory) throws IOException {
        Path file = directory.resolve(CheckpointManifest.FILE);
        try {
            if (Files.size(file) > CheckpointManifest.MAX_BYTES) {
                throw new CheckpointCorruptedException("%s has %d bytes, expected at most %d"
                        .formatted(file, Files.size(file), CheckpointManifest.MAX_BYTES));
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new CheckpointCorruptedException("%s is missing".formatted(file), e);
        }
    }

    /** Compares size and digest of every file with the manifest. */
    static void verify(Path directory, CheckpointManifest manifest) throws IOException {
        for (var file : manifest.files().entrySet()) {
            verify(manifest.header().id(), directory, file.getKey(), file.getValue());
        }
    }

    private static void verify(String id, Path directory, String name, CheckpointManifest.FileEntry entry)
            throws IOException {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != entry.bytes()) {
            throw new CheckpointCorruptedException(
                    "Checkpoint %s: %s is missing or has another size than the %d bytes its manifest says"
                            .formatted(id, name, entry.bytes()));
        }
        String actual = Digests.sha256(file);
        if (!actual.equals(entry.sha256())) {
            throw new CheckpointCorruptedException("Checkpoint %s: %s has SHA-256 %s, its manifest says %s"
                    .formatted(id, name, actual, entry.sha256()));
        }
    }
}
