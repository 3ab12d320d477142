package dev.tandem.retrieval.checkpoint;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What a file of embeddings beside a checkpoint is called: after the SHA-256 of what is in it. */
final class EmbeddingsName {
    static final String PREFIX = "embeddings-";

    private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9a-f]{64}");

    private EmbeddingsName() {}

    static String of(Path file) throws IOException {
        return PREFIX + Digests.sha256(file);
    }

    static boolean isOne(String name) {
        return NAME.matcher(name).matches();
    }

    /** The name in which a URI ends, that has to lead directly into the directory of a checkpoint. */
    static String at(URI checkpoint, String uri) {
        String name = uri.substring(uri.lastIndexOf('/') + 1);
        if (!isOne(name) || !uri.equals(checkpoint + "/" + name)) {
            throw new CheckpointCorruptedException(
                    "Expected the URI of embeddings directly in %s, got %s".formatted(checkpoint, uri));
        }
        return name;
    }

    static CheckpointCorruptedException missing(String name, URI checkpoint) {
        return new CheckpointCorruptedException(
                "%s is not in %s; a later promotion may have taken its place".formatted(name, checkpoint));
    }

    /** Deletes a copy that is not what its name vouches for. */
    static void requireContent(String name, Path copy) throws IOException {
        String actual = of(copy);
        if (!actual.equals(name)) {
            Files.delete(copy);
            throw new CheckpointCorruptedException("%s was changed or cut off since it was announced: its SHA-256 is %s"
                    .formatted(name, actual.substring(PREFIX.length())));
        }
    }
}
