package dev.tandem.retrieval.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory that sentence-transformers wrote: a transformer, its pooling and perhaps a normalisation.
 *
 * @param transformer where its weights are
 * @param encoding one length for queries and passages
 */
record SentenceTransformersModel(Path transformer, EncodingConfig encoding, Prompts prompts) {
    private static final List<String> PLAIN = List.of("Transformer", "Pooling");
    private static final List<String> NORMALIZED = List.of("Transformer", "Pooling", "Normalize");

    static SentenceTransformersModel read(Path directory) {
        List<String> types = new ArrayList<>();
        List<Path> paths = new ArrayList<>();
        for (JsonNode module : modules(directory.resolve("modules.json"))) {
            String type = module.path("type").asText();
            types.add(type.substring(type.lastIndexOf('.') + 1));
            paths.add(directory.resolve(module.path("path").asText()));
        }
        if (!types.equals(PLAIN) && !types.equals(NORMALIZED)) {
            throw new InvalidModelException(
                    "%s: expected the modules %s or %s, found %s".formatted(directory, PLAIN, NORMALIZED, types));
        }
        JsonNode config = optional(directory.resolve("config_sentence_transformers.json"));
        EncodingConfig encoding = encoding(paths, similarity(directory, config, types.equals(NORMALIZED)));
        return new SentenceTransformersModel(paths.get(0), encoding, prompts(paths.get(1), config));
    }

    private static JsonNode modules(Path file) {
        try {
            return JsonFiles.STRICT.readTree(file.toFile());
        } catch (IOException e) {
            throw new InvalidModelException("Cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static JsonNode optional(Path file) {
        return Files.exists(file) ? JsonFiles.readObject(file) : JsonFiles.object();
    }

    private static EncodingConfig encoding(List<Path> paths, Similarity similarity) {
        int longest = ConfigFile.read(paths.get(0)).longest();
        JsonNode lengths = optional(paths.get(0).resolve("sentence_bert_config.json"));
        int tokens = Math.min(longest, lengths.path("max_seq_length").asInt(longest));
        try {
            return new EncodingConfig(tokens, tokens, tokens, pooling(paths.get(1)), similarity, 1);
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException("%s: %s".formatted(paths.get(0), e.getMessage()), e);
        }
    }

    /** Either by a flag for each kind, or by name as newer releases write it. */
    private static Pooling pooling(Path directory) {
        JsonNode json = JsonFiles.readObject(directory.resolve("config.json"));
        List<String> modes = new ArrayList<>();
        json.properties().forEach(entry -> {
            if (entry.getKey().startsWith("pooling_mode_") && entry.getValue().asBoolean()) {
                modes.add(entry.getKey().substring("pooling_mode_".length()).replaceFirst("_(token|tokens)$", ""));
            }
        });
        if (json.path("pooling_mode").isTextual()) {
            modes.add(json.path("pooling_mode").asText());
        }
        if (modes.equals(List.of("cls"))) {
            return Pooling.CLS;
        }
        if (modes.equals(List.of("mean"))) {
            return Pooling.MEAN;
        }
        throw new InvalidModelException("%s: expected pooling cls or mean, found %s".formatted(directory, modes));
    }

    private static Similarity similarity(Path directory, JsonNode config, boolean normalized) {
        String name = config.path("similarity_fn_name").asText("cosine");
        return switch (name) {
            case "null", "cosine" -> Similarity.COSINE;
            case "dot", "dot_product" -> normalized ? Similarity.COSINE : Similarity.DOT;
            default ->
                throw new InvalidModelException("%s: expected similarity cosine or dot, found %s"
                        .formatted(directory, JsonFiles.printable(name)));
        };
    }

    private static Prompts prompts(Path pooling, JsonNode config) {
        JsonNode prompts = config.path("prompts");
        String byDefault =
                prompts.path(config.path("default_prompt_name").asText("")).asText("");
        String query = prompts.path("query").asText(byDefault);
        String passage = byDefault;
        for (String name : List.of("corpus", "passage", "document")) {
            passage = prompts.path(name).asText(passage);
        }
        boolean pooled =
                optional(pooling.resolve("config.json")).path("include_prompt").asBoolean(true);
        if (!pooled && !(query.isEmpty() && passage.isEmpty())) {
            throw new InvalidModelException(
                    "%s: expected prompts to be pooled with their texts, found include_prompt false"
                            .formatted(pooling));
        }
        return new Prompts(query, passage);
    }
}
