package dev.tandem.retrieval.encoder;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How texts become embeddings and scores; kept beside the weights as encoding.json, for a model is wrong without it.
 *
 * @param queryTokens longest query, special tokens included
 * @param passageTokens longest passage
 * @param crossTokens longest cross input
 * @param pooling hidden states to vector
 * @param similarity vectors to score
 * @param temperature what training divides scores by; no embedding depends on it
 */
public record EncodingConfig(
        int queryTokens,
        int passageTokens,
        int crossTokens,
        Pooling pooling,
        Similarity similarity,
        double temperature) {
    private static final String FILE = "encoding.json";
    private static final int MAX_TOKENS = 8192;

    public EncodingConfig {
        requireLength("queryTokens", queryTokens);
        requireLength("passageTokens", passageTokens);
        requireLength("crossTokens", crossTokens);
        requireNonNull(pooling, "pooling is null");
        requireNonNull(similarity, "similarity is null");
        if (!(temperature > 0 && Double.isFinite(temperature))) {
            throw new IllegalArgumentException("temperature: expected a number above 0, found " + temperature);
        }
    }

    /** Reads encoding.json of a checkpoint directory. */
    public static EncodingConfig read(Path directory) {
        Path file = directory.resolve(FILE);
        JsonNode json = JsonFiles.readObject(file);
        try {
            return new EncodingConfig(
                    json.path("queryTokens").asInt(),
                    json.path("passageTokens").asInt(),
                    json.path("crossTokens").asInt(),
                    constant(Pooling.class, json, "pooling"),
                    constant(Similarity.class, json, "similarity"),
                    json.path("temperature").asDouble());
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Writes encoding.json into a checkpoint directory. */
    public void write(Path directory) {
        JsonFiles.write(
                directory.resolve(FILE),
                JsonFiles.object()
                        .put("queryTokens", queryTokens)
                        .put("passageTokens", passageTokens)
                        .put("crossTokens", crossTokens)
                        .put("pooling", pooling.name())
                        .put("similarity", similarity.name())
                        .put("temperature", temperature));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, JsonNode json, String key) {
        String name = json.path(key).asText();
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s: expected one of %s, found \"%s\""
                        .formatted(key, Arrays.toString(type.getEnumConstants()), name)));
    }

    private static void requireLength(String name, int tokens) {
        if (tokens < 5 || tokens > MAX_TOKENS) {
            throw new IllegalArgumentException("%s: expected 5 to %d, found %d".formatted(name, MAX_TOKENS, tokens));
        }
    }
}
