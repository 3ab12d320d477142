package dev.tandem.miner.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        assertTrue(bytes < 5L * many.size() * (ContentKey.BYTES + DIMENSION * Float.BYTES + Integer.BYTES), bytes + "");
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
        IndexSettings settings = new IndexSettings(IndexKind.EXACT, Optional.of(directory));
        return PassageEncoding.open(settings, digest, how, DIMENSION, this::encode);
    }

    private float[][] encode(List<Passage> passages) {
        passages.forEach(passage -> encoded.add(passage.id()));
        return passages.stream()
                .map(passage ->
                        new float[] {passage.title().hashCode(), passage.text().hashCode()})
                .toArray(float[][]::new);
    }
}
