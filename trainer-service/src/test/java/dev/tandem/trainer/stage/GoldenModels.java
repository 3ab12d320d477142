package dev.tandem.trainer.stage;

import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Similarity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The golden initial models of the module {@code retrieval}, laid out as an initial directory. */
final class GoldenModels {
    private static final EncodingConfig ENCODING = new EncodingConfig(16, 48, 64, Pooling.CLS, Similarity.DOT, 1);

    private GoldenModels() {}

    static Path initialDirectory(Path directory, boolean tied) throws IOException {
        if (tied) {
            copy("query-encoder", directory.resolve("retriever"));
        } else {
            copy("query-encoder", directory.resolve("query-encoder"));
            copy("passage-encoder", directory.resolve("passage-encoder"));
        }
        copy("cross-encoder", directory.resolve("cross-encoder"));
        ENCODING.write(directory);
        return directory;
    }

    private static void copy(String model, Path to) throws IOException {
        Files.createDirectories(to);
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json", "vocab.txt")) {
            try (InputStream in = GoldenModels.class.getResourceAsStream("/golden/init/" + model + "/" + file)) {
                Files.copy(in, to.resolve(file));
            }
        }
    }
}
