package dev.tandem.miner.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import dev.tandem.retrieval.index.ContentKey;
import dev.tandem.retrieval.index.EmbeddingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassageEncodingTest {
    private static final int DIMENSION = 2;
    private static final Passage APPLE = new Passage("p1", "apple", "red");
    private static final Passage PEAR = new Passage("p2", "pear", "green");

    @TempDir
    private Path directory;

    private final List<String> encoded = new ArrayList<>();

    @Test
    void encodesOneContentOnceWhateverItsId() {
        try (PassageEncoding encoding = open("digest", "fp32")) {
            Passage twin = new Passage("p9", "apple", "red");
            float[][] embeddings = encoding.encode(List.of(APPLE, PEAR, twin));

            assertEquals(List.of("p1", "p2"), encoded);
            assertArrayEquals(embeddings[0], embeddings[2]);
            encoding.encode(List.of(twin));
        }
        assertEquals(List.of("p1", "p2"), encoded);
    }

    @Test
    void tellsWhereTheTitleEnds() {
        try (PassageEncoding encoding = open("digest", "fp32")) {
            encoding.encode(List.of(new Passage("p1", "ab", "c"), new Passage("p2", "a", "bc")));
        }
        assertEquals(List.of("p1", "p2"), encoded);
    }

    @Test
    void neverTakesWhatAnotherEncoderMade() {
        encodeOnce("digest", "fp32");
        encodeOnce("other", "fp32");
        encodeOnce("digest", "bf16");

        assertEquals(List.of("p1", "p1", "p1"), encoded);
    }

    @Test
    void encodesEverythingAgainWhereTheFileIsNone() throws IOException {
        encodeOnce("digest", "fp32");
        Files.writeString(
                directory.resolve("embeddings/digest"), "no embeddings at all, but long enough for a header: ...");
        encodeOnce("digest", "fp32");
        encodeOnce("digest", "fp32");

        assertEquals(List.of("p1", "p1"), encoded);
    }

    @Test
    void encodesWithoutAFileThatIsOpenElsewhere() {
        try (PassageEncoding first = open("digest", "fp32");
                PassageEncoding second = open("digest", "fp32")) {
            first.encode(List.of(APPLE));
            second.encode(List.of(APPLE));
        }
        assertEquals(List.of("p1", "p1"), encoded);
    }

    @Test
    void keepsTheFilesOfTheLastTwoCheckpoints() throws IOException {
        for (String digest : List.of("first", "second", "third")) {
            encodeOnce(digest, "fp32");
        }

        try (Stream<Path> files = Files.list(directory.resolve("embeddings"))) {
            assertEquals(2, files.count());
        }
        assertTrue(Files.exists(directory.resolve("embeddings/third")));
    }

    @Test
    void givesUpWhatManyUpdatesLeaveBehind() throws IOException {
        List<Passage> many = passages(0);
        try (PassageEncoding encoding = open("digest", "fp32")) {
            encoding.encode(many);
            for (int version = 1; version <= 5; version++) {
                encoding.encode(passages(version));
            }
        }
        long bytes = Files.size(directory.resolve("embeddings/digest"));
        encoded.clear();
        try (PassageEncoding encoding = open("digest", "fp32")) {
            encoding.encode(passages(5));
        }

        assertEquals(List.of(), encoded);
        assertTrue(bytes < EmbeddingFile.bytes(DIMENSION, 5L * many.size()), bytes + "");
    }

    @Test
    void takesWhatIsOfferedAndEncodesOnlyWhatIsNew() {
        Passage changed = new Passage("p2", "pear", "yellow");
        try (PassageEncoding encoding = open("digest", "fp32", Optional.of(this::offerOfBoth))) {
            float[][] embeddings = encoding.encode(List.of(APPLE, changed));

            assertEquals(List.of("p2"), encoded);
            assertArrayEquals(new float[] {1, 2}, embeddings[0]);
            assertEquals(new EmbeddingSources(1, 0, 1), encoding.sources());
        }
        try (PassageEncoding restarted = open("digest", "fp32", Optional.of(this::offerOfBoth))) {
            restarted.encode(List.of(APPLE, changed));

            assertEquals(new EmbeddingSources(0, 2, 0), restarted.sources());
        }
        assertEquals(List.of("p2"), encoded);
    }

    @Test
    void encodesEverythingWhereTheOfferIsOfAnotherEncoder() {
        try (PassageEncoding encoding = open("digest", "bf16", Optional.of(this::offerOfBoth))) {
            encoding.encode(List.of(APPLE, PEAR));

            assertEquals(new EmbeddingSources(0, 0, 2), encoding.sources());
        }
        assertEquals(List.of("p1", "p2"), encoded);
    }

    @Test
    void encodesEverythingWhereTheOfferCannotBeHad() {
        EmbeddingOffer refused = target -> {
            throw new CheckpointCorruptedException("it was changed");
        };
        EmbeddingOffer unreachable = target -> {
            Files.writeString(target, "half of it");
            throw new IOException("no network");
        };
        for (EmbeddingOffer offer : List.of(refused, unreachable)) {
            encoded.clear();
            try (PassageEncoding encoding = open(offer.toString(), "fp32", Optional.of(offer))) {
                encoding.encode(List.of(APPLE, PEAR));
            }
            assertEquals(List.of("p1", "p2"), encoded);
        }
    }

    private void offerOfBoth(Path target) throws IOException {
        try (EmbeddingFile offered = EmbeddingFile.open(target, "digest fp32", DIMENSION)) {
            offered.add(Map.of(ContentKey.of(APPLE), new float[] {1, 2}, ContentKey.of(PEAR), new float[] {3, 4}));
        }
    }

    private static List<Passage> passages(int version) {
        return IntStream.range(0, 5_000)
                .mapToObj(i -> new Passage("p" + i, "version " + version, "number " + i))
                .toList();
    }

    private void encodeOnce(String digest, String how) {
        try (PassageEncoding encoding = open(digest, how)) {
            encoding.encode(List.of(APPLE));
        }
    }

    private PassageEncoding open(String digest, String how) {
        return open(digest, how, Optional.empty());
    }

    private PassageEncoding open(String digest, String how, Optional<EmbeddingOffer> offer) {
        IndexSettings settings = new IndexSettings(IndexKind.EXACT, Optional.of(directory));
        return PassageEncoding.open(settings, digest, digest + " " + how, DIMENSION, offer, this::encode);
    }

    private float[][] encode(List<Passage> passages) {
        passages.forEach(passage -> encoded.add(passage.id()));
        return passages.stream()
                .map(passage ->
                        new float[] {passage.title().hashCode(), passage.text().hashCode()})
                .toArray(float[][]::new);
    }
}
