package dev.tandem.retrieval.encoder;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Random;

/** Seeded initial weights, drawn in Java so that a seed gives the same model everywhere. */
final class RandomWeights {
    private static final double DEVIATION = 0.02;

    private RandomWeights() {}

    /** As Hugging Face's BERT: LayerNorm 1 and 0, other biases 0, the rest normal(0, 0.02), the padding's embedding 0. */
    static float[] draw(String name, Shape shape, Random random) {
        float[] values = new float[Math.toIntExact(shape.size())];
        if (name.endsWith("LayerNorm.weight")) {
            Arrays.fill(values, 1);
        } else if (!name.endsWith(".bias")) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * DEVIATION);
            }
        }
        if (name.endsWith("word_embeddings.weight")) {
            Arrays.fill(values, 0, (int) shape.get(1), 0); // padding is id 0
        }
        return values;
    }

    /** A random orthogonal matrix (size, size) times {@code scale}, row by row: Gram-Schmidt on normal draws. */
    static float[] orthogonal(int size, double scale, Random random) {
        double[][] rows = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                rows[i][j] = random.nextGaussian();
            }
            for (int earlier = 0; earlier < i; earlier++) {
                subtractProjection(rows[i], rows[earlier]);
            }
            divide(rows[i], Math.sqrt(dot(rows[i], rows[i])));
        }
        float[] flat = new float[size * size];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) (rows[i / size][i % size] * scale);
        }
        return flat;
    }

    private static void subtractProjection(double[] row, double[] unit) {
        double projection = dot(row, unit);
        for (int j = 0; j < row.length; j++) {
            row[j] -= projection * unit[j];
        }
    }

    private static void divide(double[] row, double divisor) {
        for (int j = 0; j < row.length; j++) {
            row[j] /= divisor;
        }
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int j = 0; j < left.length; j++) {
            sum += left[j] * right[j];
        }
        return sum;
    }
}
