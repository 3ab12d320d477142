package dev.tandem.retrieval.index;

/** Dot products of a few queries with one block of passages: the inner loops of {@link ExactIndex}. */
final class BlockProduct {
    private static final int BLOCK = ExactIndex.BLOCK;

    private BlockProduct() {}

    /**
     * Scores of {@code count} queries for every passage of a block.
     *
     * @param queries_BD query embeddings; rows {@code from} to {@code from + count} are scored
     * @param block_DP embeddings of the block, dimension by dimension
     * @param scores_QP result, one row per query
     */
    static void scores(
            float[][] queries_BD, int from, int count, float[] block_DP, int dimension, float[][] scores_QP) {
        int q = 0;
        for (; q + 2 <= count; q += 2) {
            two(queries_BD[from + q], queries_BD[from + q + 1], block_DP, dimension, scores_QP[q], scores_QP[q + 1]);
        }
        if (q < count) {
            two(queries_BD[from + q], queries_BD[from + q], block_DP, dimension, scores_QP[q], new float[BLOCK]);
        }
    }

    private static void two(float[] a_D, float[] b_D, float[] block_DP, int dimension, float[] a_P, float[] b_P) {
        java.util.Arrays.fill(a_P, 0f);
        java.util.Arrays.fill(b_P, 0f);
        int d = 0;
        for (; d + 4 <= dimension; d += 4) {
            addFour(a_D, b_D, block_DP, d, a_P, b_P);
        }
        for (; d < dimension; d++) {
            addOne(a_D[d], b_D[d], block_DP, d * BLOCK, a_P, b_P);
        }
    }

    private static void addFour(float[] a_D, float[] b_D, float[] block_DP, int d, float[] a_P, float[] b_P) {
        float a0 = a_D[d];
        float a1 = a_D[d + 1];
        float a2 = a_D[d + 2];
        float a3 = a_D[d + 3];
        float b0 = b_D[d];
        float b1 = b_D[d + 1];
        float b2 = b_D[d + 2];
        float b3 = b_D[d + 3];
        int row = d * BLOCK;
        for (int p = 0; p < BLOCK; p++) {
            float c0 = block_DP[row + p];
            float c1 = block_DP[row + BLOCK + p];
            float c2 = block_DP[row + 2 * BLOCK + p];
            float c3 = block_DP[row + 3 * BLOCK + p];
            a_P[p] = Math.fma(a3, c3, Math.fma(a2, c2, Math.fma(a1, c1, Math.fma(a0, c0, a_P[p]))));
            b_P[p] = Math.fma(b3, c3, Math.fma(b2, c2, Math.fma(b1, c1, Math.fma(b0, c0, b_P[p]))));
        }
    }

    private static void addOne(float a, float b, float[] block_DP, int row, float[] a_P, float[] b_P) {
        for (int p = 0; p < BLOCK; p++) {
            float c = block_DP[row + p];
            a_P[p] = Math.fma(a, c, a_P[p]);
            b_P[p] = Math.fma(b, c, b_P[p]);
        }
    }
}
