package dev.tandem.retrieval.line;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** One line of a JSONL file; every field is checked when it is asked for. */
public final class JsonLine {
    /** Longest id, in characters. */
    public static final int LONGEST_ID = 512;

    private static final int LONGEST_PARSER_MESSAGE = 200;
    /** Control and format characters, halves of pairs, line ends. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

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
                    "expected one JSON object per line, got %s (%s)"
                            .formatted(shortened(line), printable(e.getOriginalMessage(), LONGEST_PARSER_MESSAGE)),
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
                .orElseThrow(() -> new IllegalArgumentException("expected \"%s\" to be a text that is not blank, got %s"
                        .formatted(field, shortened(String.valueOf(object.get(field))))));
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

    /** A number that may be missing or null. */
    public Optional<Double> optionalDecimal(String field) {
        Optional<JsonNode> value = optional(field);
        value.filter(node -> !node.isNumber() || !Double.isFinite(node.doubleValue()))
                .ifPresent(node -> {
                    throw new IllegalArgumentException(
                            "expected \"%s\" to be a number, got %s".formatted(field, shortened(node.toString())));
                });
        return value.map(JsonNode::doubleValue);
    }

    /** A constant by its {@link #name}, that may be missing or null. */
    public <E extends Enum<E>> Optional<E> optionalConstant(String field, Class<E> type) {
        return optionalText(field)
                .map(text -> Arrays.stream(type.getEnumConstants())
                        .filter(constant -> name(constant).equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("expected \"%s\" to be one of %s, got %s"
                                .formatted(
                                        field,
                                        Arrays.stream(type.getEnumConstants())
                                                .map(JsonLine::name)
                                                .toList(),
                                        shortened(text)))));
    }

    /** How a constant is spelled in JSON: in lower case, with hyphens. */
    public static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** An object in the object that may be missing or null. */
    public Optional<JsonLine> optionalObject(String field) {
        return optional(field).map(value -> {
            if (!value.isObject()) {
                throw new IllegalArgumentException(
                        "expected \"%s\" to be an object, got %s".formatted(field, shortened(value.toString())));
            }
            return new JsonLine(value);
        });
    }

    /** An array of objects that must be there. */
    public List<JsonLine> objects(String field, int least, int most) {
        List<JsonLine> objects = new ArrayList<>();
        for (JsonNode element : array(field, least, most)) {
            if (!element.isObject()) {
                throw new IllegalArgumentException(
                        "expected \"%s\" to hold objects, got %s".formatted(field, shortened(element.toString())));
            }
            objects.add(new JsonLine(element));
        }
        return objects;
    }

    /** An array of texts that must be there. */
    public List<String> texts(String field, int least, int most) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(field, least, most)) {
            if (!element.isTextual()) {
                throw new IllegalArgumentException(
                        "expected \"%s\" to hold texts, got %s".formatted(field, shortened(element.toString())));
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    private JsonNode array(String field, int least, int most) {
        JsonNode value = object.get(field);
        if (value == null || !value.isArray() || value.size() < least || value.size() > most) {
            String found =
                    value != null && value.isArray() ? value.size() + " elements" : shortened(String.valueOf(value));
            throw new IllegalArgumentException(
                    "expected \"%s\" to be an array of %d to %d elements, got %s".formatted(field, least, most, found));
        }
        return value;
    }

    /** A field as it came, or empty when missing or null. */
    public Optional<JsonNode> optional(String field) {
        return Optional.ofNullable(object.get(field)).filter(value -> !value.isNull());
    }

    /** The beginning of a text, for a message: no more of it than a line of a terminal holds, and nothing it would obey. */
    public static String shortened(String text) {
        return printable(text, 60);
    }

    static String printable(String text, int most) {
        String beginning = text.length() <= most ? text : text.substring(0, most) + "…";
        return UNPRINTABLE.matcher(beginning.replace("\t", "\\t")).replaceAll("\uFFFD");
    }
}
