package dev.tandem.retrieval.encoder;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** How a cross encoder begins when it has not been trained: its trunk, its head, its first attention layer. */
final class CrossEncoderStart {
    private static final double MIMETIC_SCALE = 1.2;

    private CrossEncoderStart() {}

    /** Copies every weight of a retriever's encoder into the cross encoder's trunk. */
    static void copyTrunk(Bert retriever, Bert crossEncoder) {
        Family family = crossEncoder.config().family();
        if (retriever.config().family() != family) {
            throw new IllegalArgumentException(
                    "The retriever is of family %s, the cross encoder of %s; a trunk can only be taken over as it is"
                            .formatted(retriever.config().family().modelType(), family.modelType()));
        }
        Map<String, NDArray> trunk = retriever.parameters().byName();
        trunk.forEach((name, source) -> {
            NDArray target = crossEncoder.parameters().array(family.trunk() + name);
            if (!target.getShape().equals(source.getShape())) {
                throw new IllegalArgumentException(
                        "The retriever's %s has shape %s, the cross encoder's %s; a trunk can only be taken over as it is"
                                .formatted(name, source.getShape(), target.getShape()));
            }
        });
        trunk.forEach((name, source) -> crossEncoder.parameters().assign(family.trunk() + name, source.toFloatArray()));
    }

    /** Draws the classifier's two layers as BERT does: weights normal(0, 0.02), biases 0. */
    static void drawHead(Bert crossEncoder, long seed) {
        Random random = new Random(seed);
        crossEncoder
                .config()
                .headShapes()
                .forEach((name, shape) ->
                        crossEncoder.parameters().assign(name, RandomWeights.draw(name, shape, random)));
    }

    /**
     * Makes the first attention layer compare tokens from the start: query and key projection are the same orthogonal
     * matrix (times 1.2, biases 0), so each head attends where its slice of the two tokens' vectors agrees. In the spirit
     * of mimetic initialisation (Trockman and Kolter, 2023); without it a model that is not pre-trained stays at chance.
     *
     * <p>A token that occurs on both sides attends to both, one that does not to itself alone. What a value then tells is of
     * which side it is: the token types, where a family has two, are moved apart by the length of a word's vector, in a
     * direction that query and key projection leave out, so that sides are told apart and do not hide what agrees. What the
     * retriever has learned about title and text by them is given up.
     */
    static void mimeticFirstLayer(Bert crossEncoder, long seed) {
        BertConfig config = crossEncoder.config();
        int hidden = config.hidden();
        Random random = new Random(seed);
        float[] projection = RandomWeights.orthogonal(hidden, MIMETIC_SCALE, random);
        Parameters parameters = crossEncoder.parameters();
        if (config.types() > 1) {
            leaveOut(projection, moveTypesApart(parameters, config, random));
        }
        for (String role : new String[] {"query", "key"}) {
            String name =
                    config.family().trunk() + config.layer(0) + config.family().name("attention.self." + role);
            parameters.assign(name + ".weight", projection);
            parameters.assign(name + ".bias", new float[hidden]);
        }
    }

    /** Returns the unit vector in which the sides differ after the embeddings' LayerNorm. */
    private static double[] moveTypesApart(Parameters parameters, BertConfig config, Random random) {
        String prefix = config.family().trunk() + "embeddings.";
        float[] words = parameters.array(prefix + "word_embeddings.weight").toFloatArray();
        float[] types =
                parameters.array(prefix + "token_type_embeddings.weight").toFloatArray();
        float[] scale = parameters.array(prefix + "LayerNorm.weight").toFloatArray();
        int hidden = scale.length;
        double[] direction = unit(centred(random.doubles(hidden, -1, 1).toArray()));
        double apart = Math.sqrt(squares(words) * hidden / words.length);
        double[] seen = new double[hidden];
        for (int h = 0; h < hidden; h++) {
            float middle = (types[h] + types[hidden + h]) / 2;
            types[h] = (float) (middle - apart / 2 * direction[h]);
            types[hidden + h] = (float) (middle + apart / 2 * direction[h]);
            seen[h] = scale[h] * direction[h];
        }
        parameters.assign(prefix + "token_type_embeddings.weight", types);
        return unit(seen);
    }

    private static double squares(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum;
    }

    /** LayerNorm takes the mean away. */
    private static double[] centred(double[] vector) {
        double mean = Arrays.stream(vector).average().orElseThrow();
        return Arrays.stream(vector).map(value -> value - mean).toArray();
    }

    private static double[] unit(double[] vector) {
        double length =
                Math.sqrt(Arrays.stream(vector).map(value -> value * value).sum());
        return Arrays.stream(vector).map(value -> value / length).toArray();
    }

    /** Takes a direction out of each row of a square matrix. */
    private static void leaveOut(float[] rows, double[] direction) {
        int size = direction.length;
        for (int from = 0; from < rows.length; from += size) {
            double along = 0;
            for (int h = 0; h < size; h++) {
                along += rows[from + h] * direction[h];
            }
            for (int h = 0; h < size; h++) {
                rows[from + h] -= (float) (along * direction[h]);
            }
        }
    }
}
