package dev.tandem.retrieval.encoder;

import static java.util.Map.entry;

import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model's shape and constants.
 *
 * @param positions rows of the position embeddings; see {@link #longest} for how many tokens they serve
 * @param types token types; 0 where the family has none
 * @param tasks rows of ERNIE's task embeddings, of which row 0 is used; 0 where there are none
 * @param padding id of the padding token
 * @param dropout share dropped of embeddings and layer outputs in training; likewise of attention and before the classifier
 */
record BertConfig(
        Family family,
        int vocabulary,
        int hidden,
        int layers,
        int heads,
        int intermediate,
        int positions,
        int types,
        int tasks,
        int padding,
        Activation activation,
        double epsilon,
        double dropout,
        double attentionDropout,
        double classifierDropout) {
    BertConfig {
        require(family, "vocab_size", vocabulary, 1, 4_000_000);
        require(family, "hidden_size", hidden, 1, 16_384);
        require(family, "num_hidden_layers", layers, 1, 256);
        require(family, "num_attention_heads", heads, 1, hidden);
        require(family, "intermediate_size", intermediate, 1, 65_536);
        require(family, "type_vocab_size", types, family.hasTokenTypes() ? 1 : 0, 64);
        require(family, "task_type_vocab_size", tasks, 0, 64);
        require(family, "pad_token_id", padding, 0, vocabulary - 1);
        require(family, "max_position_embeddings", positions, family.firstPosition(padding) + 1, 65_536);
        if (hidden % heads != 0) {
            throw new InvalidModelException("%s %d is no multiple of %s %d"
                    .formatted(family.name("hidden_size"), hidden, family.name("num_attention_heads"), heads));
        }
        if (!(epsilon > 0 && epsilon < 1)) {
            throw new InvalidModelException("layer_norm_eps: expected a number between 0 and 1, found " + epsilon);
        }
        requireShare(family, "hidden_dropout_prob", dropout);
        requireShare(family, "attention_probs_dropout_prob", attentionDropout);
        requireShare(family, "classifier_dropout", classifierDropout);
    }

    /** The longest sequence, in tokens. */
    int longest() {
        return positions - family.firstPosition(padding);
    }

    /** The constants of bert.torchscript; without dropout for inference. */
    Map<String, Number> constants(boolean train) {
        return Map.ofEntries(
                entry("heads", heads),
                entry("layers", layers),
                entry("tables", 2 + (types > 0 ? 1 : 0) + (tasks > 0 ? 1 : 0)),
                entry("first_position", family.firstPosition(padding)),
                entry("activation", activation.number()),
                entry("head_activation", family.headActivation().number()),
                entry("epsilon", epsilon),
                entry("dropout", train ? dropout : 0.0),
                entry("attended_dropout", train && family.dropsAttended() ? dropout : 0.0),
                entry("attention_dropout", train ? attentionDropout : 0.0),
                entry("head_dropout", train && family.dropsHeadInput() ? classifierDropout : 0.0),
                entry("classifier_dropout", train ? classifierDropout : 0.0));
    }

    /** Every weight's shape by its name in the trunk (no pooler) or the one-label classifier, in computing order. */
    Map<String, Shape> shapes(boolean scoring) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        String trunk = scoring ? family.trunk() : "";
        embeddings(shapes, trunk + "embeddings.");
        for (int i = 0; i < layers; i++) {
            String layer = trunk + layer(i);
            dense(shapes, layer + family.name("attention.self.query"), hidden, hidden);
            dense(shapes, layer + family.name("attention.self.key"), hidden, hidden);
            dense(shapes, layer + family.name("attention.self.value"), hidden, hidden);
            dense(shapes, layer + family.name("attention.output.dense"), hidden, hidden);
            layerNorm(shapes, layer + family.name("attention.output.LayerNorm"));
            dense(shapes, layer + family.name("intermediate.dense"), intermediate, hidden);
            dense(shapes, layer + family.name("output.dense"), hidden, intermediate);
            layerNorm(shapes, layer + family.name("output.LayerNorm"));
        }
        if (scoring) {
            shapes.putAll(headShapes());
        }
        return shapes;
    }

    /** What the one-label classifier has beyond the trunk. */
    Map<String, Shape> headShapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        dense(shapes, family.headDense(), hidden, hidden);
        dense(shapes, family.headOutput(), 1, hidden);
        return shapes;
    }

    /** What the names of a layer's weights begin with in the trunk, {@code encoder.layer.0.} */
    String layer(int index) {
        return "%s.%d.".formatted(family.name("encoder.layer"), index);
    }

    private void embeddings(Map<String, Shape> shapes, String prefix) {
        shapes.put(prefix + "word_embeddings.weight", new Shape(vocabulary, hidden));
        shapes.put(prefix + "position_embeddings.weight", new Shape(positions, hidden));
        if (types > 0) {
            shapes.put(prefix + "token_type_embeddings.weight", new Shape(types, hidden));
        }
        if (tasks > 0) {
            shapes.put(prefix + "task_type_embeddings.weight", new Shape(tasks, hidden));
        }
        layerNorm(shapes, prefix + "LayerNorm");
    }

    private void layerNorm(Map<String, Shape> shapes, String name) {
        shapes.put(name + ".weight", new Shape(hidden));
        shapes.put(name + ".bias", new Shape(hidden));
    }

    private static void dense(Map<String, Shape> shapes, String name, int out, int in) {
        shapes.put(name + ".weight", new Shape(out, in));
        shapes.put(name + ".bias", new Shape(out));
    }

    private static void require(Family family, String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidModelException(
                    "%s: expected %d to %d, found %d".formatted(family.name(key), least, most, value));
        }
    }

    private static void requireShare(Family family, String key, double share) {
        if (!(share >= 0 && share < 1)) {
            throw new InvalidModelException(
                    "%s: expected a share from 0 to below 1, found %s".formatted(family.name(key), share));
        }
    }
}
