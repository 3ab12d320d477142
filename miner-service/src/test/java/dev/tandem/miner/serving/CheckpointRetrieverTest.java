package dev.tandem.miner.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.EncoderInit;
import dev.tandem.retrieval.encoder.EncoderInit.Architecture;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Precision;
import dev.tandem.retrieval.encoder.Similarity;
import dev.tandem.retrieval.token.WordPieceTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny random checkpoint, searched by each kind of index. */
class CheckpointRetrieverTest {
    private static final List<Passage> PASSAGES = IntStream.range(0, 60)
            .mapToObj(i -> new Passage("p" + i, "sort " + i, "open read write list " + i * 7))
            .toList();
    private static final List<Query> QUERIES = IntStream.range(0, 10)
            .mapToObj(i -> new Query("q" + i, "sort list " + i))
            .toList();

    @TempDir
    private static Path directory;

    private static CheckpointStore store;
    private static Checkpoint checkpoint;

    @BeforeAll
    static void prepare() throws IOException {
        Path tokenizer = directory.resolve("tokenizer.json");
        WordPieceTrainer.train(Stream.of("sort open read write list 0 1 2 3 4 5 6 7 8 9"), 100, tokenizer);
        store = CheckpointStore.in(directory.resolve("store"));
        try (CheckpointStore.Writing writing = store.begin("champion")) {
            EncodingConfig encoding = new EncodingConfig(12, 16, 24, Pooling.MEAN, Similarity.COSINE, 0.1);
            EncoderInit.random(
                    writing.directory(), tokenizer, new Architecture(32, 1, 2, 64, 32, 0, true), encoding, 5);
            checkpoint = writing.commit(new CheckpointManifest.Header("champion", null, 10, "JOINT", true));
        }
    }

    @Test
    void anApproximateIndexAskedForAllFindsAllWithTheSameScoresAndTellsItsRecall() throws IOException {
        try (Retriever exact = open(IndexKind.EXACT);
                Retriever hnsw = open(IndexKind.HNSW)) {
            exact.put(PASSAGES);
            hnsw.put(PASSAGES);
            exact.remove("p7");
            hnsw.remove("p7");
            assertNull(hnsw.index().recall());

            List<Ranking> found = hnsw.search(QUERIES, PASSAGES.size());

            assertEquals(exact.search(QUERIES, PASSAGES.size()), found);
            assertEquals(new IndexState("hnsw", checkpoint.digest(), 1.0), hnsw.index());
            assertEquals(new IndexState("exact", checkpoint.digest(), 1.0), exact.index());
        }
    }

    @Test
    void discardsTheIndexOfAProcessThatWasKilled() throws IOException {
        Path left = Files.createDirectories(directory.resolve("index/hnsw/of-another-life"));

        CheckpointRetriever.discardLeftovers(settings(IndexKind.HNSW));

        assertFalse(Files.exists(left));
    }

    @Test
    void encodesNothingAgainAfterARestartButWhatChanged() throws IOException {
        Path own = directory.resolve("restart");
        List<Ranking> before;
        try (CheckpointRetriever first = open(own)) {
            first.put(PASSAGES);
            before = first.search(QUERIES, 5);
            assertEquals(PASSAGES.size(), first.encoded());
        }

        try (CheckpointRetriever second = open(own)) {
            second.put(PASSAGES);
            assertEquals(0, second.encoded());
            assertEquals(before, second.search(QUERIES, 5));

            second.put(List.of(new Passage("p3", "sort 3", "another text"), new Passage("p99", "sort 4", "open")));
            assertEquals(2, second.encoded());
        }
        try (CheckpointRetriever third = open(own)) {
            third.put(List.of(PASSAGES.get(3), new Passage("p3", "sort 3", "another text")));
            assertEquals(0, third.encoded());
        }
    }

    @Test
    void encodesAgainWhatIsDamagedOnDisk() throws IOException {
        Path own = directory.resolve("damaged");
        try (CheckpointRetriever first = open(own)) {
            first.put(PASSAGES);
        }
        Path file = own.resolve("embeddings").resolve(checkpoint.digest());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 7));

        try (CheckpointRetriever second = open(own);
                CheckpointRetriever undamaged = open(directory.resolve("undamaged"))) {
            second.put(PASSAGES);
            undamaged.put(PASSAGES);
            assertEquals(2, second.encoded());
            assertEquals(undamaged.search(QUERIES, 60), second.search(QUERIES, 60));
        }
        try (CheckpointRetriever third = open(own)) {
            third.put(PASSAGES);
            assertEquals(0, third.encoded());
        }
    }

    private static CheckpointRetriever open(Path indexes) throws IOException {
        Promotion promotion = new Promotion("champion", store.uri("champion"), checkpoint.digest(), true);
        IndexSettings settings = new IndexSettings(IndexKind.EXACT, Optional.of(indexes));
        return CheckpointRetriever.open(store, promotion, Compute.of("cpu", Precision.FP32), settings);
    }

    private static CheckpointRetriever open(IndexKind kind) throws IOException {
        Promotion promotion = new Promotion("champion", store.uri("champion"), checkpoint.digest(), true);
        return CheckpointRetriever.open(store, promotion, Compute.of("cpu", Precision.FP32), settings(kind));
    }

    private static IndexSettings settings(IndexKind kind) {
        return new IndexSettings(kind, Optional.of(directory.resolve("index")));
    }
}
