package dev.tandem.retrieval.encoder;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Strict reading and plain writing of a model's small JSON files: no duplicate key, nothing after the end, bounded size. */
final class JsonFiles {
    static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final long MAX_BYTES = 1L << 20;

    private JsonFiles() {}

    static ObjectNode object() {
        return STRICT.createObjectNode();
    }

    static JsonNode readObject(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new InvalidModelException("%s is missing".formatted(file));
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new InvalidModelException(
                        "%s has %d bytes; at most %d are accepted".formatted(file, Files.size(file), MAX_BYTES));
            }
            return parseObject(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    static JsonNode parseObject(byte[] json, String origin) {
        JsonNode node;
        try {
            node = STRICT.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InvalidModelException(
                    "%s is not valid JSON at %s: %s".formatted(origin, place(e), printable(e.getOriginalMessage())), e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + origin, e);
        }
        if (!node.isObject()) {
            throw new InvalidModelException(
                    "%s: expected a JSON object, found %s".formatted(origin, node.getNodeType()));
        }
        return node;
    }

    /** The keys that lead to the fault, which in a list of tensors begin with the tensor's name. */
    private static String place(JsonProcessingException e) {
        return e.getProcessor() instanceof JsonParser parser
                ? printable(parser.getParsingContext().pathAsPointer().toString())
                : "the end";
    }

    static void write(Path file, JsonNode node) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, node.toPrettyString() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    /** Text from a file as a message may show it: short, ASCII, in quotes. */
    static String printable(String text) {
        String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
        return "\"" + (plain.length() <= 80 ? plain : plain.substring(0, 80) + "...") + "\"";
    }
}
