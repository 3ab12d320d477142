package dev.tandem.quickstart.ablation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The results of a study, one per line, each written as soon as it is there; and beside them what they depend on. */
final class ResultsFile {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final List<Result> results = new ArrayList<>();

    /**
     * Opens the results of a study that is to begin, or to go on.
     *
     * @param study all that the results depend on, by name
     * @throws IOException if the directory holds those of another study
     */
    ResultsFile(Path directory, Map<String, String> study) throws IOException {
        Files.createDirectories(directory);
        requireSame(directory.resolve("study.json"), study);
        this.file = directory.resolve("results.jsonl");
        if (Files.exists(file)) {
            read();
        }
    }

    private static void requireSame(Path note, Map<String, String> study) throws IOException {
        if (!Files.exists(note)) {
            writeAside(note, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(new TreeMap<>(study)) + "\n");
            return;
        }
        JsonNode before = JSON.readTree(note.toFile());
        for (Map.Entry<String, String> entry : study.entrySet()) {
            String known = before.path(entry.getKey()).asText();
            if (!known.equals(entry.getValue())) {
                throw new IOException("The results in %s are of another study: %s was %s, is %s. Give another --out."
                        .formatted(note.getParent(), entry.getKey(), known, entry.getValue()));
            }
        }
    }

    private static void writeAside(Path file, String text) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(aside, text);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void read() throws IOException {
        List<String> lines = Files.readAllLines(file);
        for (String line : lines) {
            result(line).ifPresent(results::add);
        }
        if (results.size() < lines.size()) { // torn when the study was killed, or lacking a measure
            StringBuilder whole = new StringBuilder();
            results.forEach(result -> whole.append(line(result)));
            writeAside(file, whole.toString());
        }
    }

    private static Optional<Result> result(String line) {
        try {
            JsonNode json = JSON.readTree(line);
            Map<Measure, double[]> values = new EnumMap<>(Measure.class);
            for (Measure measure : Measure.values()) {
                if (!json.has(measure.label())) {
                    return Optional.empty(); // measured before this was
                }
                values.put(measure, JSON.treeToValue(json.path(measure.label()), double[].class));
            }
            return Optional.of(new Result(
                    Variant.valueOf(json.path("variant").asText()),
                    json.path("seed").asLong(),
                    json.path("steps").asLong(),
                    json.path("seconds").asDouble(),
                    values));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String line(Result result) {
        ObjectNode json = JSON.createObjectNode()
                .put("variant", result.variant().name())
                .put("seed", result.seed())
                .put("steps", result.steps())
                .put("seconds", result.seconds());
        result.values().forEach((measure, values) -> {
            ArrayNode array = json.putArray(measure.label());
            Arrays.stream(values).forEach(array::add);
        });
        return json + "\n";
    }

    /** Adds a result, and has it on disk before it returns. */
    void add(Result result) throws IOException {
        Files.writeString(
                file, line(result), StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.SYNC);
        results.add(result);
    }

    Optional<Result> find(Variant variant, long seed) {
        return results.stream()
                .filter(result -> result.variant() == variant && result.seed() == seed)
                .findFirst();
    }

    List<Result> all() {
        return List.copyOf(results);
    }
}
