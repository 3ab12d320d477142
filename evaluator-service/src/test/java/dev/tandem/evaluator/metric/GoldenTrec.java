package dev.tandem.evaluator.metric;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.retrieval.Qrels;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.Run;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Runs and judgements with the values that trec_eval 10.0-rc3 gives them. */
public record GoldenTrec(Run run, Qrels qrels, JsonNode expected) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SMALL = Path.of("src/test/resources/golden/trec");

    /** Where the real collections' values lie, which are not part of this repository. */
    public static Optional<Path> realCollections() {
        String given = System.getProperty("tandem.golden");
        return Stream.of(given, "../../shared/golden", "../../../shared/golden")
                .filter(java.util.Objects::nonNull)
                .map(root -> Path.of(root, "trec"))
                .filter(Files::isDirectory)
                .findFirst();
    }

    static List<Path> smallCases() {
        return cases(SMALL);
    }

    static List<Path> cases(Path root) {
        try (Stream<Path> files = Files.list(root.resolve("expected"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot list " + root, e);
        }
    }

    static GoldenTrec read(Path expectedFile) throws IOException {
        Path root = expectedFile.getParent().getParent();
        JsonNode expected = JSON.readTree(expectedFile.toFile());
        return new GoldenTrec(
                run(root.resolve("runs").resolve(expected.get("run").asText())),
                qrels(root.resolve("qrels").resolve(expected.get("qrels").asText())),
                expected);
    }

    private static Run run(Path file) throws IOException {
        Map<String, List<Ranking.Hit>> hits = new HashMap<>();
        for (String[] line : lines(file)) {
            hits.computeIfAbsent(line[0], q -> new ArrayList<>())
                    .add(new Ranking.Hit(line[2], Double.parseDouble(line[4])));
        }
        Map<String, Ranking> rankings = new HashMap<>();
        hits.forEach((query, found) -> rankings.put(query, new Ranking(found)));
        return new Run(rankings);
    }

    private static Qrels qrels(Path file) throws IOException {
        Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
        for (String[] line : lines(file)) {
            grades.computeIfAbsent(line[0], q -> new HashMap<>()).put(line[2], Integer.parseInt(line[3]));
        }
        return new Qrels(grades);
    }

    private static List<String[]> lines(Path file) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                InputStream stream = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> line.strip().split("\\s+", -1))
                    .toList();
        }
    }
}
