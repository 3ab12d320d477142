package dev.tandem.quickstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.quickstart.corpus.BeirDirectory;
import dev.tandem.quickstart.corpus.Corpus;
import dev.tandem.quickstart.corpus.JudgedQuery;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures files with trec_eval's values beside them, and tiny random models on a tiny collection. */
class EvaluateCommandTest {
    private static final Path GOLDEN = Path.of("../../evaluator-service/src/test/resources/golden/trec");
    private static final Map<String, String> TREC_NAMES = Map.of(
            "mrr@10", "mrr_10",
            "ndcg@10", "ndcg_cut_10",
            "recall@100", "recall_100",
            "success@5", "success_5",
            "map", "map");
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PASSAGES = 60;

    @TempDir
    private static Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void prepare() throws IOException {
        List<JudgedQuery> queries = new ArrayList<>();
        for (int i = 0; i < PASSAGES; i++) {
            queries.add(new JudgedQuery("q" + i, "sort list " + i, Map.of("p" + i, 1)));
        }
        new BeirDirectory(directory.resolve("data"))
                .write(new Corpus(TinyModels.passages(PASSAGES), List.of(), queries));
        Path tokenizer = TinyModels.tokenizer(directory);
        TinyModels.checkpoint(CheckpointStore.in(directory.resolve("store")), tokenizer);
        TinyModels.write(directory.resolve("initial"), tokenizer);
    }

    @Test
    void equalsTrecEvalOnARunInAFile() throws IOException {
        assertEqualsTrecEval(GOLDEN, "random-ties-graded");
    }

    @Test
    void equalsTrecEvalOnRunsOfRealCollections() throws IOException {
        Path real = Stream.of(System.getProperty("tandem.golden", ""), "../../../shared/golden")
                .map(root -> Path.of(root, "trec"))
                .filter(root -> Files.exists(root.resolve("runs/bm25-scifact-test-clean-k0.9-b0.4.run.gz")))
                .findFirst()
                .orElse(null);
        assumeTrue(real != null, "no real collections here; give their folder with -Dtandem.golden=DIR");

        for (String collection : List.of("scifact-test-clean", "cranfield-test", "fairytaleqa-test")) {
            assertEqualsTrecEval(real, "bm25-%s-k0.9-b0.4".formatted(collection));
            assertEqualsTrecEval(real, "bm25-%s-k1.5-b0.75".formatted(collection));
        }
    }

    private void assertEqualsTrecEval(Path root, String name) throws IOException {
        JsonNode expected =
                JSON.readTree(root.resolve("expected").resolve(name + ".json").toFile());
        Path run = root.resolve("runs").resolve(expected.path("run").asText());
        Path qrels = root.resolve("qrels").resolve(expected.path("qrels").asText());
        Path perQuery = directory.resolve("per-query.tsv");

        JsonNode result = result(0, evaluate("--run", run, "--qrels", qrels, "--per-query", perQuery, "--json"));

        TREC_NAMES.forEach((ours, theirs) -> assertEquals(
                expected.path("mean").path(theirs).asDouble(),
                result.path("metrics").path(ours).asDouble(),
                1e-9,
                ours));
        List<String> lines = Files.readAllLines(perQuery);
        assertEquals("query\trun mrr@10\trun ndcg@10\trun recall@100\trun success@5\trun map", lines.get(0));
        assertEquals(expected.path("per_query").size(), lines.size() - 1);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            JsonNode query = expected.path("per_query").path(cells[0]);
            assertEquals(query.path("ndcg_cut_10").asDouble(), Double.parseDouble(cells[2]), 1e-9, line);
        }
    }

    @Test
    void measuresACheckpointInEveryStageAndSavesWhatItRanked() throws IOException {
        Path saved = directory.resolve("saved.run.gz");

        JsonNode result = result(
                0,
                evaluate(
                        "--model",
                        directory.resolve("store/trained"),
                        "--data",
                        directory.resolve("data"),
                        "--depth",
                        "20",
                        "--save-run",
                        saved,
                        "--json"));
        JsonNode again =
                result(0, evaluate("--run", saved, "--qrels", directory.resolve("data/qrels/test.tsv"), "--json"));

        assertEquals("fused", result.path("ranking").asText());
        assertEquals(PASSAGES, result.path("queries").asInt());
        assertEquals(
                List.of("bm25", "retriever", "reranker", "fused"),
                result.path("rankings").properties().stream()
                        .map(Map.Entry::getKey)
                        .toList());
        assertEquals(result.path("metrics"), result.path("rankings").path("fused"));
        assertEquals(
                1, result.path("rankings").path("reranker").path("recall@100").asDouble(), "below the re-ranked too");
        assertEquals(result.path("metrics"), again.path("metrics"));
        assertTrue(err.toString().contains("embedding 60 passages"), err.toString());
        assertTrue(err.toString().contains("ETA"), err.toString());
    }

    @Test
    void measuresAModelOfSentenceTransformersAgainstARun() throws IOException {
        Path bm25 = directory.resolve("bm25.json");
        Path data = directory.resolve("data");
        result(
                0,
                evaluate(
                        "--model",
                        directory.resolve("initial"),
                        "--data",
                        data,
                        "--ranking",
                        "bm25",
                        "--save-run",
                        bm25,
                        "--json"));

        JsonNode result = result(
                0,
                evaluate(
                        "--model",
                        directory.resolve("initial/retriever"),
                        "--data",
                        data,
                        "--metrics",
                        "mrr@10,p@1",
                        "--baseline",
                        bm25,
                        "--json"));

        assertEquals("retriever", result.path("ranking").asText());
        JsonNode compared = result.path("comparison").path("metrics").path("mrr@10");
        assertEquals(
                result.path("rankings").path("bm25").path("mrr@10").asDouble(),
                compared.path("baseline").asDouble());
        assertEquals(
                result.path("metrics").path("mrr@10").asDouble()
                        - compared.path("baseline").asDouble(),
                compared.path("difference").asDouble(),
                1e-12);
        assertTrue(
                compared.path("low").asDouble() <= compared.path("difference").asDouble());
        assertTrue(compared.path("p").asDouble() <= compared.path("pHolm").asDouble());
        assertEquals(
                PASSAGES,
                compared.path("wins").asInt()
                        + compared.path("ties").asInt()
                        + compared.path("losses").asInt());
    }

    @Test
    void printsATable() {
        Path run = GOLDEN.resolve("runs/graded.run");

        int status = evaluate(
                "--run", run, "--qrels", GOLDEN.resolve("qrels/graded.txt"), "--baseline", run, "--metrics", "ndcg@10");

        assertEquals(0, status, err.toString());
        List<String> lines = out.toString().lines().toList();
        assertTrue(lines.get(0).endsWith("means with 95 % intervals"), lines.get(0));
        assertTrue(lines.get(3).matches("ndcg@10 +0\\.\\d{4} 0\\.\\d{4}\\.\\.[01]\\.\\d{4}"), lines.get(3));
        assertTrue(lines.get(lines.size() - 1).contains("+0.0000 0.0000..0.0000"), out.toString());
    }

    @Test
    void refusesARunWithABrokenLine() throws IOException {
        Path run = Files.writeString(directory.resolve("broken.run"), "q1 Q0 p1 1 2.5 t\nq1 Q0 p2 2 high t\n");

        int status = evaluate("--run", run, "--qrels", directory.resolve("data/qrels/test.tsv"), "--json");

        assertEquals(1, status);
        assertEquals("", out.toString());
        assertTrue(err.toString().startsWith("broken.run:2: expected a number as score, got high"), err.toString());
    }

    @Test
    void goesOnWithoutABrokenLineOfACollectionAndSaysSo() throws IOException {
        Path data = directory.resolve("broken-data");
        new BeirDirectory(data)
                .write(new Corpus(
                        List.of(new Passage("p1", "sort", "list"), new Passage("p2", "open", "read")),
                        List.of(),
                        List.of(new JudgedQuery("q1", "sort", Map.of("p1", 1)))));
        Files.writeString(data.resolve("qrels/test.tsv"), "unknown\tp1\t1\n", java.nio.file.StandardOpenOption.APPEND);

        JsonNode result = result(3, evaluate("--model", directory.resolve("initial"), "--data", data, "--json"));

        assertEquals(1, result.path("refused").asInt());
        assertEquals(1, result.path("queries").asInt());
        assertTrue(err.toString().contains("query unknown is not in queries.jsonl"), err.toString());
    }

    @Test
    void saysWhatItNeeds() {
        Path data = directory.resolve("data");
        assertEquals(2, evaluate());
        assertEquals(2, evaluate("--run", "a.run"));
        assertEquals(2, evaluate("--run", "a.run", "--qrels", "b", "--model", "c"));
        assertEquals(2, evaluate("--run", "a.run", "--qrels", "b", "--metrics", "mrr"));
        assertTrue(err.toString().contains("Expected a metric such as mrr@10"), err.toString());
        assertEquals(2, evaluate("--model", directory.resolve("initial"), "--data", data, "--ranking", "reranker"));
        assertTrue(err.toString().contains("has no trained re-ranker"), err.toString());
        assertEquals(1, evaluate("--model", directory.resolve("initial"), "--data", data, "--split", "dev"));
        assertTrue(err.toString().contains("there are: test"), err.toString());
        assertEquals(1, evaluate("--model", data, "--data", data));
        assertTrue(err.toString().contains("Expected a checkpoint (manifest.json)"), err.toString());
        assertEquals(1, evaluate("--run", "none.run", "--qrels", "none.txt"));
        assertTrue(err.toString().contains("Expected a file none.txt, found none."), err.toString());
    }

    private int evaluate(Object... arguments) {
        List<String> all = new ArrayList<>(List.of("evaluate"));
        Stream.of(arguments).map(Object::toString).forEach(all::add);
        return Tandem.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    private JsonNode result(int expected, int status) throws IOException {
        assertEquals(expected, status, err.toString());
        List<String> lines = out.toString().lines().toList();
        assertEquals(1, lines.size(), "one line on stdout");
        out.getBuffer().setLength(0);
        return JSON.readTree(lines.get(0));
    }
}
