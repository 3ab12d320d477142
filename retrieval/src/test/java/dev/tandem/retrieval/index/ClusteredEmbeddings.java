package dev.tandem.retrieval.index;

import java.util.Random;

/**
 * Embeddings of length 1 that lie as those of texts do: in topics, and in fewer directions than they have numbers. (Independent
 * random numbers lie equally far from each other, and no graph leads anywhere among them.)
 */
final class ClusteredEmbeddings {
    private static final int DIRECTIONS = 32;
    private static final float SPREAD = 0.7f;

    private final Random random;
    private final float[][] topics;
    private final float[][] directions;

    ClusteredEmbeddings(int dimension, int topics, long seed) {
        this.random = new Random(seed);
        this.topics = numbers(topics, DIRECTIONS);
        this.directions = numbers(DIRECTIONS, dimension);
    }

    /** The next ones, each of a topic drawn at random. */
    float[][] next(int count) {
        float[][] embeddings = new float[count][];
        for (int i = 0; i < count; i++) {
            float[] topic = topics[random.nextInt(topics.length)];
            float[] point = new float[DIRECTIONS];
            for (int d = 0; d < DIRECTIONS; d++) {
                point[d] = topic[d] + SPREAD * (float) random.nextGaussian();
            }
            embeddings[i] = unit(point);
        }
        return embeddings;
    }

    private float[] unit(float[] point) {
        float[] embedding = new float[directions[0].length];
        double squares = 0;
        for (int n = 0; n < embedding.length; n++) {
            for (int d = 0; d < DIRECTIONS; d++) {
                embedding[n] += point[d] * directions[d][n];
            }
            squares += embedding[n] * embedding[n];
        }
        for (int n = 0; n < embedding.length; n++) {
            embedding[n] /= (float) Math.sqrt(squares);
        }
        return embedding;
    }

    private float[][] numbers(int rows, int columns) {
        float[][] numbers = new float[rows][columns];
        for (float[] row : numbers) {
            for (int i = 0; i < columns; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return numbers;
    }
}
