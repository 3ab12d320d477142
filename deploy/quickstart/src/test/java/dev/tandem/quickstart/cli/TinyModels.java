package dev.tandem.quickstart.cli;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.EncoderInit;
import dev.tandem.retrieval.encoder.EncoderInit.Architecture;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Similarity;
import dev.tandem.retrieval.token.WordPieceTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Random models of one layer, and passages in the words they know. */
final class TinyModels {
    private TinyModels() {}

    /** Passages p0, p1 and so on; the title of each tells its number. */
    static List<Passage> passages(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Passage("p" + i, "sort " + i, "open read write list " + i * 7))
                .toList();
    }

    /** Trains tokenizer.json in a directory. */
    static Path tokenizer(Path directory) throws IOException {
        Path tokenizer = directory.resolve("tokenizer.json");
        WordPieceTrainer.train(Stream.of("sort open read write list 0 1 2 3 4 5 6 7 8 9"), 100, tokenizer);
        return tokenizer;
    }

    /** A checkpoint of the joint stage with the id trained. */
    static void checkpoint(CheckpointStore store, Path tokenizer) throws IOException {
        try (CheckpointStore.Writing writing = store.begin("trained")) {
            write(writing.directory(), tokenizer);
            writing.commit(new CheckpointManifest.Header("trained", null, 10, "JOINT", true));
        }
    }

    static void write(Path models, Path tokenizer) {
        EncodingConfig encoding = new EncodingConfig(12, 16, 24, Pooling.MEAN, Similarity.COSINE, 0.1);
        EncoderInit.random(models, tokenizer, new Architecture(32, 1, 2, 64, 32, 0, true), encoding, 5);
    }
}
