package dev.tandem.quickstart;

import dev.tandem.retrieval.encoder.EncoderInit;
import dev.tandem.retrieval.encoder.EncodingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The models of a user as a trainer starts from them. */
public final class InitialModels {
    private InitialModels() {}

    /**
     * An initial directory (a checkpoint is one too) is taken where it lies; of a Hugging Face checkpoint both models are made.
     *
     * @param init what the user has named
     * @param made where models are made, if they must be
     * @param encoding of models that are made
     * @param seed of weights that the Hugging Face checkpoint lacks
     * @return the directory to start from
     */
    public static Path of(Path init, Path made, EncodingConfig encoding, long seed) throws IOException {
        if (Files.exists(init.resolve("encoding.json"))) {
            return init;
        }
        if (!Files.exists(init.resolve("config.json"))) {
            throw new IOException(
                    "Expected a checkpoint in the Hugging Face layout (config.json) or an initial directory (encoding.json) in %s, found neither."
                            .formatted(init));
        }
        EncoderInit.fromHuggingFace(made, init, encoding, seed);
        return made;
    }
}
