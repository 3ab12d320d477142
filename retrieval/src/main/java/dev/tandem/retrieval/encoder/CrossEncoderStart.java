package dev.tandem.retrieval.encoder;

import ai.djl.ndarray.NDArray;
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
     */
    static void mimeticFirstLayer(Bert crossEncoder, long seed) {
        BertConfig config = crossEncoder.config();
        int hidden = config.hidden();
        float[] projection = RandomWeights.orthogonal(hidden, MIMETIC_SCALE, new Random(seed));
        Parameters parameters = crossEncoder.parameters();
        for (String role : new String[] {"query", "key"}) {
            String name =
                    config.family().trunk() + config.layer(0) + config.family().name("attention.self." + role);
            parameters.assign(name + ".weight", projection);
            parameters.assign(name + ".bias", new float[hidden]);
        }
    }
}
