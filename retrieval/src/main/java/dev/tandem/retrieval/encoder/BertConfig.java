package dev.tandem.retrieval.encoder;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A BERT model's shape, as config.json of the Hugging Face layout gives it.
 *
 * @param dropout share dropped of embeddings and layer outputs in training; likewise of attention and before the classifier
 */
record BertConfig(
        int vocabulary,
        int hidden,
        int layers,
        int heads,
        int intermediate,
        int positions,
        int types,
        double epsilon,
        double dropout,
        double attentionDropout,
        double classifierDropout) {
    private static final String FILE = "config.json";
    private static final List<String> SUPPORTED = List.of("bert");

    BertConfig {
        require("vocab_size", vocabulary, 1, 4_000_000);
        require("hidden_size", hidden, 1, 16_384);
        require("num_hidden_layers", layers, 1, 256);
        require("num_attention_heads", heads, 1, hidden);
        require("intermediate_size", intermediate, 1, 65_536);
        require("max_position_embeddings", positions, 1, 65_536);
        require("type_vocab_size", types, 2, 64);
        if (hidden % heads != 0) {
            throw new InvalidModelException(
                    "hidden_size %d is no multiple of num_attention_heads %d".formatted(hidden, heads));
        }
        if (!(epsilon > 0 && epsilon < 1)) {
            throw new InvalidModelException("layer_norm_eps: expected a number between 0 and 1, found " + epsilon);
        }
        requireShare("hidden_dropout_prob", dropout);
        requireShare("attention_probs_dropout_prob", attentionDropout);
        requireShare("classifier_dropout", classifierDropout);
    }

    static BertConfig read(Path directory) {
        Path file = directory.resolve(FILE);
        JsonNode json = JsonFiles.readObject(file);
        try {
            return of(json);
        } catch (InvalidModelException e) {
            throw new InvalidModelException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static BertConfig of(JsonNode json) {
        requireText(json, "model_type", "none", Set.copyOf(SUPPORTED));
        requireText(json, "hidden_act", "gelu", Set.of("gelu"));
        requireText(json, "position_embedding_type", "absolute", Set.of("absolute"));
        double dropout = json.path("hidden_dropout_prob").asDouble(0.1);
        return new BertConfig(
                json.path("vocab_size").asInt(),
                json.path("hidden_size").asInt(),
                json.path("num_hidden_layers").asInt(),
                json.path("num_attention_heads").asInt(),
                json.path("intermediate_size").asInt(),
                json.path("max_position_embeddings").asInt(),
                json.path("type_vocab_size").asInt(2),
                json.path("layer_norm_eps").asDouble(1e-12),
                dropout,
                json.path("attention_probs_dropout_prob").asDouble(0.1),
                json.path("classifier_dropout").asDouble(dropout));
    }

    /** Writes config.json as transformers does, for BertModel or, where {@code scoring}, a one-label classifier. */
    void write(Path directory, boolean scoring) {
        ObjectNode json = JsonFiles.object();
        json.putArray("architectures").add(scoring ? "BertForSequenceClassification" : "BertModel");
        json.put("model_type", "bert")
                .put("vocab_size", vocabulary)
                .put("hidden_size", hidden)
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", heads)
                .put("intermediate_size", intermediate)
                .put("max_position_embeddings", positions)
                .put("type_vocab_size", types)
                .put("layer_norm_eps", epsilon)
                .put("hidden_act", "gelu")
                .put("position_embedding_type", "absolute")
                .put("hidden_dropout_prob", dropout)
                .put("attention_probs_dropout_prob", attentionDropout)
                .put("classifier_dropout", classifierDropout)
                .put("initializer_range", 0.02)
                .put("pad_token_id", 0)
                .put("torch_dtype", "float32");
        if (scoring) {
            json.putObject("id2label").put("0", "LABEL_0");
            json.putObject("label2id").put("LABEL_0", 0);
        }
        JsonFiles.write(directory.resolve(FILE), json);
    }

    /** The constants of bert.torchscript; without dropout for inference. */
    Map<String, Number> constants(boolean train) {
        return Map.of(
                "heads",
                heads,
                "layers",
                layers,
                "epsilon",
                epsilon,
                "dropout",
                train ? dropout : 0.0,
                "attention_dropout",
                train ? attentionDropout : 0.0,
                "classifier_dropout",
                train ? classifierDropout : 0.0);
    }

    /** Every weight's shape by its name in BertModel (no pooler) or BertForSequenceClassification, in computing order. */
    Map<String, Shape> shapes(boolean scoring) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        String trunk = scoring ? "bert." : "";
        shapes.put(trunk + "embeddings.word_embeddings.weight", new Shape(vocabulary, hidden));
        shapes.put(trunk + "embeddings.position_embeddings.weight", new Shape(positions, hidden));
        shapes.put(trunk + "embeddings.token_type_embeddings.weight", new Shape(types, hidden));
        layerNorm(shapes, trunk + "embeddings.LayerNorm");
        for (int i = 0; i < layers; i++) {
            String layer = trunk + "encoder.layer.%d.".formatted(i);
            dense(shapes, layer + "attention.self.query", hidden, hidden);
            dense(shapes, layer + "attention.self.key", hidden, hidden);
            dense(shapes, layer + "attention.self.value", hidden, hidden);
            dense(shapes, layer + "attention.output.dense", hidden, hidden);
            layerNorm(shapes, layer + "attention.output.LayerNorm");
            dense(shapes, layer + "intermediate.dense", intermediate, hidden);
            dense(shapes, layer + "output.dense", hidden, intermediate);
            layerNorm(shapes, layer + "output.LayerNorm");
        }
        if (scoring) {
            shapes.putAll(headShapes());
        }
        return shapes;
    }

    /** What BertForSequenceClassification with one label has beyond the trunk. */
    Map<String, Shape> headShapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        dense(shapes, "bert.pooler.dense", hidden, hidden);
        dense(shapes, "classifier", 1, hidden);
        return shapes;
    }

    private void layerNorm(Map<String, Shape> shapes, String name) {
        shapes.put(name + ".weight", new Shape(hidden));
        shapes.put(name + ".bias", new Shape(hidden));
    }

    private static void dense(Map<String, Shape> shapes, String name, int out, int in) {
        shapes.put(name + ".weight", new Shape(out, in));
        shapes.put(name + ".bias", new Shape(out));
    }

    private static void requireText(JsonNode json, String key, String missing, Set<String> supported) {
        String found = json.path(key).asText(missing);
        if (!supported.contains(found)) {
            throw new InvalidModelException(
                    "%s \"%s\" is not supported; supported: %s".formatted(key, found, String.join(", ", supported)));
        }
    }

    private static void require(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidModelException("%s: expected %d to %d, found %d".formatted(key, least, most, value));
        }
    }

    private static void requireShare(String key, double share) {
        if (!(share >= 0 && share < 1)) {
            throw new InvalidModelException("%s: expected a share from 0 to below 1, found %s".formatted(key, share));
        }
    }
}
