package dev.tandem.retrieval.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.retrieval.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingFileTest {
    private static final int DIMENSION = 3;
    private static final int PASSAGES = 600;

    @TempDir
    private Path directory;

    private final Map<ContentKey, float[]> embeddings = new LinkedHashMap<>();
    private Path path;

    @BeforeEach
    void write() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < PASSAGES; i++) {
            embeddings.put(key(i), new float[] {random.nextFloat(), random.nextFloat(), -i});
        }
        path = directory.resolve("embeddings");
        try (EmbeddingFile file = EmbeddingFile.open(path, "space", DIMENSION)) {
            file.add(embeddings);
        }
    }

    private static ContentKey key(int i) {
        return ContentKey.of(new Passage("p" + i, "title " + i, "text"));
    }

    @Test
    void givesBackEveryEmbeddingBitByBit() throws IOException {
        try (EmbeddingFile file = EmbeddingFile.open(path, "space", DIMENSION)) {
            assertEquals(PASSAGES, file.size());
            for (Map.Entry<ContentKey, float[]> entry : embeddings.entrySet()) {
                assertArrayEquals(entry.getValue(), file.find(entry.getKey()));
            }
            assertNull(file.find(key(PASSAGES)));
        }
        assertEquals(EmbeddingFile.bytes(DIMENSION, PASSAGES), Files.size(path));
    }

    @Test
    void keepsTheFirstOfTwoOfOneContent() throws IOException {
        try (EmbeddingFile file = EmbeddingFile.open(path, "space", DIMENSION)) {
            file.add(Map.of(key(3), new float[] {9, 9, 9}));

            assertEquals(PASSAGES, file.size());
            assertArrayEquals(embeddings.get(key(3)), file.find(key(3)));
        }
    }

    @Test
    void losesOnlyTheRecordOfAnyFlippedByte() throws IOException {
        byte[] whole = Files.readAllBytes(path);
        int header = (int) EmbeddingFile.bytes(DIMENSION, 0);
        int record = (int) EmbeddingFile.bytes(DIMENSION, 1) - header;
        for (int at = header + 7 * record; at < header + 8 * record; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 1;
            Files.write(path, flipped);

            assertFound(PASSAGES - 1, "space", DIMENSION);
        }
    }

    @Test
    void losesOnlyWhatWasCutOff() throws IOException {
        byte[] whole = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(whole, whole.length - 1));

        assertFound(PASSAGES - 1, "space", DIMENSION);
    }

    @Test
    void hasNothingForAnotherSpaceOrAnotherDimension() throws IOException {
        byte[] whole = Files.readAllBytes(path);
        assertFound(0, "another space", DIMENSION);
        Files.write(path, whole);
        assertFound(0, "space", DIMENSION + 1);
        Files.write(path, whole);
        assertFound(PASSAGES, "space", DIMENSION);
    }

    @Test
    void keepsOnlyWhatIsNeeded() throws IOException {
        try (EmbeddingFile file = EmbeddingFile.open(path, "space", DIMENSION)) {
            file.keepOnly(Set.of(key(5), key(599)));
        }
        assertFound(2, "space", DIMENSION);
    }

    @Test
    void isOpenOnlyOnce() throws IOException {
        try (EmbeddingFile file = EmbeddingFile.open(path, "space", DIMENSION)) {
            assertEquals(PASSAGES, file.size());
            assertThrows(IOException.class, () -> EmbeddingFile.open(path, "space", DIMENSION));
        }
    }

    private void assertFound(int expected, String space, int dimension) throws IOException {
        try (EmbeddingFile file = EmbeddingFile.open(path, space, dimension)) {
            int found = 0;
            for (int i : IntStream.range(0, PASSAGES).toArray()) {
                float[] embedding = file.find(key(i));
                if (embedding != null) {
                    assertArrayEquals(embeddings.get(key(i)), embedding);
                    found++;
                }
            }
            assertEquals(expected, found);
        }
    }
}
