package dev.tandem.quickstart.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;

/** One line of a JSONL file; every field is checked when it is asked for. */
public final class JsonLine {
    /** Longest id, in characters. */
    public static final int LONGEST_ID = 512;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode object;

    private JsonLine(JsonNode object) {
        this.object = object;
    }

    /**
     * Parses a line.
     *
     * @throws IllegalArgumentException if it is not one JSON object
     */
    public static JsonLine of(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node == null || !node.isObject()) {
                throw new IllegalArgumentException("expected one JSON object per line, got " + shortened(line));
            }
            return new JsonLine(node);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "expected one JSON object per line, got %s (%s)".formatted(shortened(line), e.getOriginalMessage()),
                    e);
        }
    }

    /** An id: a string (or a number, taken as text) of 1 to {@value #LONGEST_ID} characters. */
    public String id(String field) {
        JsonNode value = object.get(field);
        String id = value != null && (value.isTextual() || value.isIntegralNumber()) ? value.asText() : "";
        if (id.isBlank() || id.length() > LONGEST_ID) {
            throw new IllegalArgumentException("expected \"%s\" to be an id of 1 to %d characters, got %s"
                    .formatted(field, LONGEST_ID, shortened(String.valueOf(value))));
        }
        return id;
    }

    /** A text that must not be blank. */
    public String text(String field) {
        return optionalText(field)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected \"%s\" to be a text that is not blank, got %s".formatted(field, object.get(field))));
    }

    /** A text that may be missing or null. */
    public Optional<String> optionalText(String field) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException(
                    "expected \"%s\" to be a text, got %s".formatted(field, shortened(value.toString())));
        }
        return Optional.of(value.textValue());
    }

    /** A whole number that may be missing or null. */
    public Optional<Long> optionalNumber(String field) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(
                    "expected \"%s\" to be a whole number, got %s".formatted(field, shortened(value.toString())));
        }
        return Optional.of(value.longValue());
    }

    /** A field as it came, or empty when missing or null. */
    public Optional<JsonNode> optional(String field) {
        return Optional.ofNullable(object.get(field)).filter(value -> !value.isNull());
    }

    static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
