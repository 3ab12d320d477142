package dev.tandem.retrieval.index;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/**
 * Searches the 100 best of many passages by turns in the exact index and by a bare matrix product of libtorch with its top-k, as
 * many threads on both sides, and prints the median seconds of both and the index's speed as a multiple of libtorch's.
 */
final class ExactBenchmark {
    private static final int[] DIMENSIONS = {128, 384, 768};
    private static final int TOPICS = 2_000;
    private static final int[] QUERIES = {512, 16};
    /** Whose scores libtorch holds at once; fewer or more make it slower. */
    private static final int QUERIES_AT_ONCE = 64;

    private static final int ROUNDS = 7;

    private final int passages;

    private ExactBenchmark(int passages) {
        this.passages = passages;
    }

    public static void main(String[] arguments) {
        System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(ForkJoinPool.getCommonPoolParallelism() + 1));
        ExactBenchmark benchmark = new ExactBenchmark(Integer.parseInt(arguments[0]));
        for (int dimension : DIMENSIONS) {
            benchmark.run(dimension);
        }
    }

    private void run(int dimension) {
        ClusteredEmbeddings embeddings = new ClusteredEmbeddings(dimension, TOPICS, 1);
        ExactIndex index = new ExactIndex(dimension);
        try (NDManager manager = NDManager.newBaseManager()) {
            FloatBuffer numbers = FloatBuffer.allocate(passages * dimension);
            for (int i = 0; i < passages; i++) {
                float[] embedding = embeddings.next(1)[0];
                index.put("p" + i, embedding);
                numbers.put(embedding);
            }
            NDArray passages_ND = manager.create(numbers.flip(), new Shape(passages, dimension));
            for (int queries : QUERIES) {
                compare(index, passages_ND.transpose(), embeddings.next(queries));
            }
        }
    }

    private static void compare(ExactIndex index, NDArray passages_DN, float[][] queries_BD) {
        double[] ratios = new double[ROUNDS];
        double[] exact = new double[ROUNDS];
        double[] product = new double[ROUNDS];
        HnswBenchmark.search(index, queries_BD);
        search(passages_DN, queries_BD);
        for (int round = 0; round < ROUNDS; round++) {
            exact[round] = HnswBenchmark.search(index, queries_BD);
            product[round] = search(passages_DN, queries_BD);
            ratios[round] = product[round] / exact[round];
        }
        print(index, queries_BD.length, exact, product, ratios);
    }

    private static void print(ExactIndex index, int queries, double[] exact, double[] product, double[] ratios) {
        System.out.printf(
                Locale.ROOT,
                "%,d embeddings of %d numbers, %d queries: index %.4f s, libtorch %.4f s, median ratio %.2f (%.2f to %.2f)%n",
                index.size(),
                index.dimension(),
                queries,
                median(exact),
                median(product),
                median(ratios),
                Arrays.stream(ratios).min().orElseThrow(),
                Arrays.stream(ratios).max().orElseThrow());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double search(NDArray passages_DN, float[][] queries_BD) {
        long begun = System.nanoTime();
        try (NDManager manager = passages_DN.getManager().newSubManager()) {
            IntStream.iterate(0, from -> from < queries_BD.length, from -> from + QUERIES_AT_ONCE)
                    .forEach(from -> best(manager, passages_DN, queries_BD, from));
        }
        return HnswBenchmark.seconds(begun);
    }

    private static void best(NDManager parent, NDArray passages_DN, float[][] queries_BD, int from) {
        int to = Math.min(queries_BD.length, from + QUERIES_AT_ONCE);
        try (NDManager manager = parent.newSubManager()) {
            NDArray few_BD = manager.create(Arrays.copyOfRange(queries_BD, from, to));
            NDList best = few_BD.matMul(passages_DN).topK(HnswBenchmark.K, -1, true, true);
            best.get(0).toFloatArray();
            best.get(1).toLongArray();
        }
    }
}
