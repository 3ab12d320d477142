package dev.tandem.evaluator.card;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The hyperparameters that a checkpoint was trained with, as its state of training tells them. */
public final class Recipe {
    private static final String STATE = "training/state.json";
    private static final long MOST_BYTES = 256L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Recipe() {}

    /** Values by the names that the trainer's configuration has for them; empty where a checkpoint tells none. */
    public static SortedMap<String, String> of(Path checkpoint) throws IOException {
        Path state = checkpoint.resolve(STATE);
        SortedMap<String, String> values = new TreeMap<>();
        if (Files.isRegularFile(state) && Files.size(state) <= MOST_BYTES) {
            collect("", JSON.readTree(state.toFile()).path("recipe"), values);
        }
        return Collections.unmodifiableSortedMap(values);
    }

    private static void collect(String prefix, JsonNode node, SortedMap<String, String> values) {
        node.properties().forEach(entry -> {
            String name = prefix + kebab(entry.getKey());
            if (entry.getValue().isObject()) {
                collect(name + ".", entry.getValue(), values);
            } else {
                values.put(name, kebab(entry.getValue().asText()));
            }
        });
    }

    /** {@code warmUpSteps} and {@code RELEASED_CODE} as {@code warm-up-steps} and {@code released-code}. */
    private static String kebab(String text) {
        return text.matches("[A-Z_]+")
                ? text.toLowerCase(Locale.ROOT).replace('_', '-')
                : text.matches("[a-zA-Z0-9]+") && !text.matches("[0-9].*")
                        ? text.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT)
                        : text;
    }
}
