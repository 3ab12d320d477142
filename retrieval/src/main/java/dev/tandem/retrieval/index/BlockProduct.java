package dev.tandem.retrieval.index;

import java.util.Arrays;

/**
 * Dot products of queries with one block of passages: the inner loops of {@link ExactIndex}.
 *
 * <p>The compiler makes vector instructions of a loop as small as these, over arrays that each begin at their first number; of
 * larger bodies, of several places in one array and of a constant number of rounds Java 17 makes none, which costs two thirds of
 * the speed. Four dimensions of a block, read by one query after the other, stay in the innermost cache.
 */
final class BlockProduct {
    private BlockProduct() {}

    /**
     * Scores of queries for every passage of a block.
     *
     * @param queries_BD query embeddings; those from {@code from} on are scored
     * @param block_DP embeddings of the block, one array per dimension
     * @param scores_QP result, one row per query to score
     */
    static void scores(float[][] queries_BD, int from, float[][] block_DP, float[][] scores_QP) {
        for (float[] scores_P : scores_QP) {
            Arrays.fill(scores_P, 0f);
        }
        int d = 0;
        for (; d + 4 <= block_DP.length; d += 4) {
            for (int q = 0; q < scores_QP.length; q++) {
                addFour(queries_BD[from + q], block_DP, d, scores_QP[q]);
            }
        }
        for (; d < block_DP.length; d++) {
            for (int q = 0; q < scores_QP.length; q++) {
                addOne(queries_BD[from + q][d], block_DP[d], scores_QP[q]);
            }
        }
    }

    private static void addFour(float[] query_D, float[][] block_DP, int d, float[] scores_P) {
        addFour(
                query_D[d],
                query_D[d + 1],
                query_D[d + 2],
                query_D[d + 3],
                block_DP[d],
                block_DP[d + 1],
                block_DP[d + 2],
                block_DP[d + 3],
                scores_P);
    }

    private static void addFour(
            float q0, float q1, float q2, float q3, float[] c0, float[] c1, float[] c2, float[] c3, float[] scores_P) {
        for (int p = 0; p < scores_P.length; p++) {
            scores_P[p] =
                    Math.fma(q3, c3[p], Math.fma(q2, c2[p], Math.fma(q1, c1[p], Math.fma(q0, c0[p], scores_P[p]))));
        }
    }

    private static void addOne(float q, float[] c, float[] scores_P) {
        for (int p = 0; p < scores_P.length; p++) {
            scores_P[p] = Math.fma(q, c[p], scores_P[p]);
        }
    }
}
