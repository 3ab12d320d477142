package dev.tandem.retrieval.index;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Searches the 100 best of many passages by turns in the exact index and in the approximate one, and prints the seconds of each
 * round, how many times faster the approximate one is, and what share of the exact one's passages it finds.
 */
final class HnswBenchmark {
    private static final int DIMENSION = 128;
    private static final int TOPICS = 2_000;
    private static final int QUERIES = 512;
    private static final int ROUNDS = 7;
    static final int K = 100;

    private final int passages;

    private HnswBenchmark(int passages) {
        this.passages = passages;
    }

    public static void main(String[] arguments) throws IOException {
        new HnswBenchmark(Integer.parseInt(arguments[0])).run();
    }

    private void run() throws IOException {
        ClusteredEmbeddings embeddings = new ClusteredEmbeddings(DIMENSION, TOPICS, 1);
        ExactIndex exact = new ExactIndex(DIMENSION);
        try (HnswIndex hnsw = new HnswIndex(DIMENSION, Files.createTempDirectory("hnsw"))) {
            float[][] passages_ND = embeddings.next(passages);
            IntStream.range(0, passages).forEach(i -> exact.put("p" + i, passages_ND[i]));
            long begun = System.nanoTime();
            IntStream.range(0, passages).forEach(i -> hnsw.put("p" + i, passages_ND[i]));
            float[][] queries_BD = embeddings.next(QUERIES);
            hnsw.search(queries_BD, K);
            System.out.printf(
                    Locale.ROOT,
                    "%,d embeddings of %d numbers: graph made in %.1f s%n",
                    passages,
                    DIMENSION,
                    seconds(begun));
            compare(exact, hnsw, queries_BD);
        }
    }

    private static void compare(ExactIndex exact, HnswIndex hnsw, float[][] queries_BD) {
        double[] ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            double exactly = search(exact, queries_BD);
            double approximately = search(hnsw, queries_BD);
            ratios[round] = exactly / approximately;
            System.out.printf(
                    Locale.ROOT,
                    "round %d: exact %.3f s, hnsw %.3f s for %d queries, ratio %.1f%n",
                    round + 1,
                    exactly,
                    approximately,
                    QUERIES,
                    ratios[round]);
        }
        Arrays.sort(ratios);
        System.out.printf(
                Locale.ROOT,
                "recall@%d %.4f, median ratio %.1f (%.1f to %.1f)%n",
                K,
                hnsw.recall(queries_BD, K),
                ratios[ROUNDS / 2],
                ratios[0],
                ratios[ROUNDS - 1]);
    }

    /** Seconds that one search of the {@link #K} best takes. */
    static double search(PassageIndex index, float[][] queries_BD) {
        long begun = System.nanoTime();
        index.search(queries_BD, K);
        return seconds(begun);
    }

    static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
