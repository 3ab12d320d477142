package dev.tandem.retrieval.index;

/** What holds for every embedding of an index. */
final class Embedding {
    private Embedding() {}

    /**
     * Refuses what no encoder in order makes.
     *
     * @throws IllegalArgumentException if it has another dimension, or is not made of finite numbers
     */
    static void check(float[] embedding_D, int dimension, String whose) {
        if (embedding_D.length != dimension) {
            throw new IllegalArgumentException("Expected an embedding of %d numbers for %s, got %d"
                    .formatted(dimension, whose, embedding_D.length));
        }
        for (float value : embedding_D) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        "The embedding of %s holds %s: the encoder that made it is broken".formatted(whose, value));
            }
        }
    }

    /** Dot product, summed in the order in which {@link BlockProduct} sums: equal embeddings have equal scores everywhere. */
    static float dot(float[] one_D, float[] other_D) {
        float sum = 0;
        for (int d = 0; d < one_D.length; d++) {
            sum = Math.fma(one_D[d], other_D[d], sum);
        }
        return sum;
    }
}
