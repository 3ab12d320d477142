package dev.tandem.evaluator.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.evaluator.offline.QrelsFile;
import dev.tandem.evaluator.offline.RunFile;
import dev.tandem.retrieval.Qrels;
import dev.tandem.retrieval.Run;
import dev.tandem.retrieval.line.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
        Refusals refusals = new Refusals();
        Run run = RunFile.read(root.resolve("runs").resolve(expected.get("run").asText()), refusals);
        Qrels qrels = QrelsFile.read(
                root.resolve("qrels").resolve(expected.get("qrels").asText()), refusals);
        assertEquals(List.of(), refusals.first());
        return new GoldenTrec(run, qrels, expected);
    }
}
