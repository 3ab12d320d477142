package dev.tandem.retrieval.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;

/** config.json of the Hugging Face layout: a model's family, shape and constants. */
final class ConfigFile {
    private static final String FILE = "config.json";

    private ConfigFile() {}

    static BertConfig read(Path directory) {
        Path file = directory.resolve(FILE);
        JsonNode json = JsonFiles.readObject(file);
        try {
            return config(json, Family.of(json.path("model_type").asText("none")));
        } catch (InvalidModelException e) {
            throw new InvalidModelException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static BertConfig config(JsonNode json, Family family) {
        requirePlain(json);
        double dropout = json.path(family.name("hidden_dropout_prob")).asDouble(0.1);
        return new BertConfig(
                family,
                json.path("vocab_size").asInt(),
                json.path(family.name("hidden_size")).asInt(),
                json.path(family.name("num_hidden_layers")).asInt(),
                json.path(family.name("num_attention_heads")).asInt(),
                json.path(family.name("intermediate_size")).asInt(),
                json.path("max_position_embeddings").asInt(),
                family.hasTokenTypes() ? json.path("type_vocab_size").asInt(2) : 0,
                tasks(json, family),
                json.path("pad_token_id").asInt(family.defaultPadding()),
                activation(json, family.name("hidden_act")),
                json.path("layer_norm_eps").asDouble(1e-12),
                dropout,
                json.path(family.name("attention_probs_dropout_prob")).asDouble(0.1),
                json.path(family.name("classifier_dropout")).asDouble(dropout));
    }

    private static Activation activation(JsonNode json, String key) {
        return Activation.of(key, json.path(key).asText("gelu"));
    }

    private static int tasks(JsonNode json, Family family) {
        boolean used = family == Family.ERNIE && json.path("use_task_id").asBoolean();
        return used ? json.path("task_type_vocab_size").asInt(3) : 0;
    }

    /** Refuses what would change the arithmetic: positions relative to each other, and decoders. */
    private static void requirePlain(JsonNode json) {
        String positions = json.path("position_embedding_type").asText("absolute");
        if (!positions.equals("absolute")) {
            throw new InvalidModelException("position_embedding_type %s is not supported; supported: absolute"
                    .formatted(JsonFiles.printable(positions)));
        }
        if (json.path("is_decoder").asBoolean()) {
            throw new InvalidModelException("is_decoder true is not supported; expected an encoder");
        }
    }

    /** Writes config.json as transformers does, for the trunk or, where {@code scoring}, a one-label classifier. */
    static void write(Path directory, BertConfig config, boolean scoring, StoredType type) {
        Family family = config.family();
        ObjectNode json = JsonFiles.object();
        json.putArray("architectures").add(family.architecture(scoring));
        json.put("model_type", family.modelType())
                .put("vocab_size", config.vocabulary())
                .put(family.name("hidden_size"), config.hidden())
                .put(family.name("num_hidden_layers"), config.layers())
                .put(family.name("num_attention_heads"), config.heads())
                .put(family.name("intermediate_size"), config.intermediate())
                .put("max_position_embeddings", config.positions())
                .put("layer_norm_eps", config.epsilon())
                .put(family.name("hidden_act"), config.activation().configName())
                .put("position_embedding_type", "absolute")
                .put(family.name("hidden_dropout_prob"), config.dropout())
                .put(family.name("attention_probs_dropout_prob"), config.attentionDropout())
                .put(family.name("classifier_dropout"), config.classifierDropout())
                .put("initializer_range", 0.02)
                .put("pad_token_id", config.padding())
                .put("torch_dtype", type.torchName());
        if (config.types() > 0) {
            json.put("type_vocab_size", config.types());
        }
        if (config.tasks() > 0) {
            json.put("use_task_id", true).put("task_type_vocab_size", config.tasks());
        }
        if (scoring) {
            json.putObject("id2label").put("0", "LABEL_0");
            json.putObject("label2id").put("LABEL_0", 0);
        }
        JsonFiles.write(directory.resolve(FILE), json);
    }
}
