package dev.tandem.retrieval.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.Ranking;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HnswIndexTest {
    private static final int PASSAGES = 2_000;
    private static final int K = 50;

    @TempDir
    Path directory;

    private final ClusteredEmbeddings embeddings = new ClusteredEmbeddings(24, 40, 3);
    private final float[][] passages = embeddings.next(PASSAGES);
    private final float[][] queries = embeddings.next(20);
    private final ExactIndex exact = new ExactIndex(24);

    @Test
    void findsWhatTheExactIndexFindsWithTheSameScoresAndKnowsItsRecall() {
        try (HnswIndex index = new HnswIndex(24, directory.resolve("index"))) {
            IntStream.range(0, PASSAGES).forEach(i -> put(index, "p" + i, passages[i]));

            List<Ranking> found = index.search(queries, K);

            List<Ranking> best = exact.search(queries, K);
            double recall = recall(found, best);
            assertTrue(recall >= 0.98, "recall@50 is " + recall);
            assertEquals(recall, index.recall(queries, K), 1e-9);
            assertSameScores(found, best);
        }
    }

    @Test
    void seesEveryAdditionUpdateAndRemovalMadeBeforeASearch() {
        try (HnswIndex index = new HnswIndex(24, directory.resolve("index"))) {
            assertEquals(0, index.search(queries, K).get(0).size());
            IntStream.range(0, 500).forEach(i -> put(index, "p" + i, passages[i]));
            assertEquals(500, index.size());
            IntStream.range(0, 250).forEach(i -> put(index, "p" + i, passages[i + 500]));
            IntStream.range(200, 300).forEach(i -> remove(index, "p" + i));

            List<Ranking> found = index.search(queries, K);

            List<Ranking> best = exact.search(queries, K);
            assertEquals(400, index.size());
            assertTrue(recall(found, best) >= 0.98);
            assertEquals(recall(found, best), index.recall(queries, K), 1e-9);
            assertSameScores(found, best);
        }
    }

    @Test
    void refusesWhatItsEncoderCannotHaveMade() {
        try (HnswIndex index = new HnswIndex(24, directory.resolve("index"))) {
            assertThrows(IllegalArgumentException.class, () -> index.put("p", new float[23]));
            assertThrows(IllegalArgumentException.class, () -> index.search(new float[][] {{Float.NaN}}, 5));
        }
    }

    @Test
    void leavesNoFiles() {
        HnswIndex index = new HnswIndex(24, directory.resolve("index"));
        index.put("p", passages[0]);
        index.search(queries, 1);

        index.close();

        assertFalse(Files.exists(directory.resolve("index")));
    }

    private void put(HnswIndex index, String id, float[] embedding) {
        index.put(id, embedding);
        exact.put(id, embedding);
    }

    private void remove(HnswIndex index, String id) {
        index.remove(id);
        exact.remove(id);
    }

    private static double recall(List<Ranking> found, List<Ranking> best) {
        return IntStream.range(0, best.size())
                .mapToDouble(i -> best.get(i).passageIds().stream()
                                .filter(found.get(i).passageIds()::contains)
                                .count()
                        / (double) best.get(i).size())
                .average()
                .orElseThrow();
    }

    private static void assertSameScores(List<Ranking> found, List<Ranking> best) {
        for (int i = 0; i < best.size(); i++) {
            Map<String, Double> scores = new HashMap<>();
            best.get(i).hits().forEach(hit -> scores.put(hit.passageId(), hit.score()));
            found.get(i)
                    .hits()
                    .forEach(hit -> assertEquals(scores.getOrDefault(hit.passageId(), hit.score()), hit.score()));
        }
    }
}
