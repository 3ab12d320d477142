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
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.EncoderInit;
import dev.tandem.retrieval.encoder.EncoderInit.Architecture;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Precision;
import dev.tandem.retrieval.encoder.Similarity;
import dev.tandem.retrieval.index.ContentKey;
import dev.tandem.retrieval.index.EmbeddingFile;
import dev.tandem.retrieval.token.WordPieceTrainer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny random checkpoint, searched by each kind of index. */
class CheckpointRetrieverTest {
    private static final Compute COMPUTE = Compute.of("cpu", Precision.FP32);
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
            assertEquals(
                    new IndexState(
                            "hnsw", checkpoint.digest(), 1.0, hnsw.index().embeddings()),
                    hnsw.index());
            assertEquals(
                    new IndexState(
                            "exact", checkpoint.digest(), 1.0, exact.index().embeddings()),
                    exact.index());
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
            assertEquals(PASSAGES.size(), first.index().embeddings().encoded());
        }

        try (CheckpointRetriever second = open(own)) {
            second.put(PASSAGES);
            assertEquals(0, second.index().embeddings().encoded());
            assertEquals(before, second.search(QUERIES, 5));

            second.put(List.of(new Passage("p3", "sort 3", "another text"), new Passage("p99", "sort 4", "open")));
            assertEquals(2, second.index().embeddings().encoded());
        }
        try (CheckpointRetriever third = open(own)) {
            third.put(List.of(PASSAGES.get(3), new Passage("p3", "sort 3", "another text")));
            assertEquals(0, third.index().embeddings().encoded());
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
            assertEquals(2, second.index().embeddings().encoded());
            assertEquals(undamaged.search(QUERIES, 60), second.search(QUERIES, 60));
        }
        try (CheckpointRetriever third = open(own)) {
            third.put(PASSAGES);
            assertEquals(0, third.index().embeddings().encoded());
        }
    }

    @Test
    void takesTheEmbeddingsThatComeWithThePromotion() throws IOException {
        try (CheckpointRetriever unaided = open(directory.resolve("unaided"), Optional.empty());
                CheckpointRetriever retriever = open(directory.resolve("offered"), Optional.of(offer(PASSAGES)))) {
            unaided.put(PASSAGES);
            retriever.put(PASSAGES);

            assertEquals(
                    new EmbeddingSources(PASSAGES.size(), 0, 0),
                    retriever.index().embeddings());
            assertEquals(unaided.search(QUERIES, 5), retriever.search(QUERIES, 5));
        }
    }

    @Test
    void encodesWhereTheOfferIsForgedLostOrOfOthers() throws IOException {
        String offered = offer(PASSAGES);
        String digits = "0".repeat(64);
        List<String> forged = List.of(
                "file:///etc/passwd",
                "https://example.org/" + digits,
                offered.replace("/champion/", "/champion/../champion/"),
                store.uri("champion") + "/embeddings-" + digits,
                store.uri("other") + offered.substring(offered.lastIndexOf('/')),
                "not a uri \0");
        for (int i = 0; i < forged.size(); i++) {
            assertEncodesAll("forged-" + i, forged.get(i));
        }

        Path file = Path.of(URI.create(offered));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertEncodesAll("flipped", offered);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 100));
        assertEncodesAll("truncated", offered);
        assertEncodesAll("other-dimension", offerOf(COMPUTE.space(checkpoint.digest()), 16));
        assertEncodesAll("other-checkpoint", offerOf(COMPUTE.space("0".repeat(64)), 32));
        assertEncodesAll(
                "none",
                store.embeddings()
                        .offer("champion", target -> Files.writeString(target, ""))
                        .toString());
        assertEncodesAll(
                "too-large",
                store.embeddings()
                        .offer("champion", target -> Files.write(target, new byte[2_000_000]))
                        .toString());
    }

    private static void assertEncodesAll(String own, String offered) throws IOException {
        try (CheckpointRetriever retriever = open(directory.resolve(own), Optional.of(offered))) {
            retriever.put(PASSAGES);

            assertEquals(
                    new EmbeddingSources(0, 0, PASSAGES.size()),
                    retriever.index().embeddings(),
                    own);
        }
    }

    private static String offer(List<Passage> passages) throws IOException {
        try (DualEncoder encoder = DualEncoder.open(checkpoint.directory(), COMPUTE)) {
            float[][] embeddings_ND = encoder.encodePassages(passages);
            return store.embeddings()
                    .offer("champion", target -> {
                        String space = COMPUTE.space(checkpoint.digest());
                        try (EmbeddingFile file = EmbeddingFile.open(target, space, encoder.dimension())) {
                            for (int i = 0; i < embeddings_ND.length; i++) {
                                file.add(Map.of(ContentKey.of(passages.get(i)), embeddings_ND[i]));
                            }
                        }
                    })
                    .toString();
        }
    }

    private static String offerOf(String space, int dimension) throws IOException {
        return store.embeddings()
                .offer("champion", target -> {
                    try (EmbeddingFile file = EmbeddingFile.open(target, space, dimension)) {
                        for (Passage passage : PASSAGES) {
                            file.add(Map.of(ContentKey.of(passage), new float[dimension]));
                        }
                    }
                })
                .toString();
    }

    private static CheckpointRetriever open(Path indexes) throws IOException {
        return open(indexes, Optional.empty());
    }

    private static CheckpointRetriever open(Path indexes, Optional<String> embeddings) throws IOException {
        return open(new IndexSettings(IndexKind.EXACT, Optional.of(indexes)), embeddings);
    }

    private static CheckpointRetriever open(IndexKind kind) throws IOException {
        return open(settings(kind), Optional.empty());
    }

    private static CheckpointRetriever open(IndexSettings settings, Optional<String> embeddings) throws IOException {
        Promotion promotion = new Promotion("champion", store.uri("champion"), checkpoint.digest(), true, embeddings);
        return CheckpointRetriever.open(store, promotion, PASSAGES.size(), COMPUTE, settings);
    }

    private static IndexSettings settings(IndexKind kind) {
        return new IndexSettings(kind, Optional.of(directory.resolve("index")));
    }
}
