package dev.tandem.retrieval.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.retrieval.Ranking;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExactIndexTest {
    @Test
    void ranksByDotProduct() {
        ExactIndex index = ExactIndex.of(List.of("a", "b", "c"), new float[][] {{1, 0}, {0.5f, 0.5f}, {0, 1}});

        Ranking ranking = index.search(new float[][] {{1, 0.1f}}, 2).get(0);

        assertEquals(List.of("a", "b"), ranking.passageIds());
        assertEquals(1.0, ranking.hits().get(0).score(), 1e-6);
        assertEquals(0.55, ranking.hits().get(1).score(), 1e-6);
    }

    @Test
    void findsWhatComparingEveryPairFinds() {
        Random random = new Random(7);
        float[][] passages = random(random, 2500, 37);
        float[][] queries = random(random, 35, 37);
        ExactIndex index = ExactIndex.of(ids(2500), passages);

        List<Ranking> found = index.search(queries, 10);

        for (int q = 0; q < queries.length; q++) {
            Ranking wanted = bruteForce(queries[q], passages).top(10);
            assertEquals(wanted.passageIds(), found.get(q).passageIds(), "query " + q);
        }
    }

    @Test
    void givesAQueryOneRankingWhateverItIsSearchedWith() {
        Random random = new Random(8);
        float[][] queries = random(random, 133, 16);
        float[][] passages = random(random, 2500, 16);
        List<Integer> order = new ArrayList<>(IntStream.range(0, 2500).boxed().toList());
        List<String> ids = ids(2500);
        ExactIndex index = ExactIndex.of(ids, passages);
        Collections.shuffle(order, random);
        ExactIndex shuffled = new ExactIndex(16);
        order.forEach(i -> shuffled.put(ids.get(i), passages[i]));

        List<Ranking> together = index.search(queries, 20);

        assertEquals(together, shuffled.search(queries, 20));
        for (int q = 0; q < queries.length; q++) {
            assertEquals(
                    together.get(q),
                    index.search(new float[][] {queries[q]}, 20).get(0));
        }
    }

    @Test
    void cutsEqualScoresOffByPassageIdDescending() {
        float[][] same = new float[2300][];
        java.util.Arrays.fill(same, new float[] {1});
        ExactIndex index = ExactIndex.of(ids(2300), same);

        List<String> found = index.search(new float[][] {{1}}, 3).get(0).passageIds();

        assertEquals(List.of("p2299", "p2298", "p2297"), found);
    }

    @Test
    void forgetsAPassageThatIsRemovedAndMovesNoOther() {
        Random random = new Random(9);
        float[][] passages = random(random, 2520, 8);
        ExactIndex index = ExactIndex.of(ids(2520), passages);

        for (int i = 0; i < 2400; i++) {
            index.remove("p%04d".formatted(i));
        }

        index.remove("p0000");
        assertEquals(120, index.size());
        Ranking left = index.search(new float[][] {passages[2450]}, 2520).get(0);
        assertEquals(120, left.size());
        for (Ranking.Hit hit : left.hits()) {
            int row = Integer.parseInt(hit.passageId().substring(1));
            assertEquals(dot(passages[2450], passages[row]), hit.score(), 1e-5);
        }
    }

    @Test
    void replacesTheEmbeddingOfAPassageThatChanged() {
        ExactIndex index = ExactIndex.of(List.of("a", "b"), new float[][] {{1, 0}, {0, 1}});

        index.put("a", new float[] {0, 2});

        assertEquals(2, index.size());
        assertEquals(
                2.0,
                index.search(new float[][] {{0, 1}}, 1).get(0).hits().get(0).score());
    }

    @Test
    void answersNothingWhenEmpty() {
        assertEquals(
                0,
                new ExactIndex(4).search(new float[][] {{1, 2, 3, 4}}, 5).get(0).size());
    }

    @Test
    void refusesEmbeddingsOfAnotherSizeAndThoseThatAreNoNumbers() {
        ExactIndex index = new ExactIndex(2);

        assertThrows(IllegalArgumentException.class, () -> index.put("a", new float[] {1}));
        assertThrows(IllegalArgumentException.class, () -> index.put("a", new float[] {1, Float.NaN}));
        assertThrows(IllegalArgumentException.class, () -> index.search(new float[][] {{1, 2, 3}}, 1));
        assertEquals(0, index.size());
    }

    private static Ranking bruteForce(float[] query, float[][] passages) {
        List<Ranking.Hit> hits = new ArrayList<>();
        for (int i = 0; i < passages.length; i++) {
            hits.add(new Ranking.Hit("p%04d".formatted(i), dot(query, passages[i])));
        }
        return new Ranking(hits);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += (double) a[d] * b[d];
        }
        return sum;
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj("p%04d"::formatted).toList();
    }

    private static float[][] random(Random random, int rows, int dimension) {
        float[][] values = new float[rows][dimension];
        for (float[] row : values) {
            for (int d = 0; d < dimension; d++) {
                row[d] = (float) random.nextGaussian();
            }
        }
        return values;
    }
}
