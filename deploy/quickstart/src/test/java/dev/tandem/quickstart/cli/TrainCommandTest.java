package dev.tandem.quickstart.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.retrieval.encoder.EncoderInit;
import dev.tandem.retrieval.encoder.EncoderInit.Architecture;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Similarity;
import dev.tandem.retrieval.token.WordPieceTrainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains tiny random models by the command, on a file of which one line is broken. */
class TrainCommandTest {
    private static final String WEIGHTS = "cross-encoder/model.safetensors";
    private static final String RECIPE = """
            trainer.recipe.retriever-warm-up.steps=3
            trainer.recipe.retriever-warm-up.lists=4
            retriever-warm-up.warm-up-steps=1
            reranker-warm-up.steps=3
            reranker-warm-up.lists=4
            reranker-warm-up.warm-up-steps=1
            joint.lists=4
            joint.list-length=3
            """;

    @TempDir
    private static Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void prepare() throws IOException {
        Path tokenizer = directory.resolve("tokenizer.json");
        WordPieceTrainer.train(Stream.of("sort open read write close list file stream number"), 100, tokenizer);
        EncoderInit.random(
                directory.resolve("initial"),
                tokenizer,
                new Architecture(32, 2, 2, 64, 32, 0.1, true),
                new EncodingConfig(12, 16, 24, Pooling.MEAN, Similarity.COSINE, 0.1),
                1);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            lines.add("{\"query\":\"sort number %1$d\",\"pos\":[\"list %1$d\"],\"neg\":[\"file %1$d\",\"stream %1$d\"]}"
                    .formatted(i));
        }
        lines.add(7, "{\"query\":\"sort\"");
        Files.write(directory.resolve("lists.jsonl"), lines);
        Files.writeString(directory.resolve("recipe.properties"), RECIPE);
    }

    @Test
    void twelveStepsAreFiveAndThenSeven() throws IOException {
        Path unbroken = directory.resolve("unbroken");
        Path broken = directory.resolve("broken");

        JsonNode atOnce = result(train(unbroken, "--init", path("initial"), "--steps", "12", "--device", "cpu"));
        JsonNode half = result(train(broken, "--init", path("initial"), "--steps", "5"));
        JsonNode whole = result(train(broken, "--steps", "12"));

        assertEquals("finished", atOnce.path("end").asText());
        assertEquals(5, half.path("step").asInt());
        assertEquals(12, whole.path("step").asInt());
        assertArrayEquals(weights(atOnce), weights(whole));
        assertEquals(20, whole.path("lists").asInt());
        assertEquals(1, whole.path("refused").asInt());
        assertTrue(Files.readString(Path.of(whole.path("losses").asText())).contains("<svg"));
        assertTrue(err.toString().contains("lists.jsonl:8: expected one JSON object"), err.toString());
        assertTrue(err.toString().contains("  joint.list-length=3"), "the recipe in force");
        assertTrue(err.toString().contains("device cpu, precision auto"), err.toString());
        assertTrue(err.toString().contains("] 1/12 | retriever warm up 1/3, loss "), err.toString());
    }

    @Test
    void refusesAnUnknownHyperparameterAndNamesTheNearest() {
        int status = train(directory.resolve("run"), "--init", path("initial"), "--set", "joint.destilation=paper");

        assertEquals(2, status);
        assertTrue(err.toString().contains("Did you mean joint.distillation?"), err.toString());
    }

    @Test
    void refusesAValueOutOfRange() {
        assertEquals(2, train(directory.resolve("run"), "--init", path("initial"), "--set", "joint.list-length=1"));
        assertTrue(err.toString().contains("Expected joint.list-length of at least 2, got 1"), err.toString());
        assertEquals(2, train(directory.resolve("run"), "--init", path("initial"), "--device", "gpu"));
        assertTrue(err.toString().contains("Expected auto, cpu or cuda:N"), err.toString());
        assertEquals(2, train(directory.resolve("run"), "--init", path("initial"), "--precision", "fp16"));
        assertTrue(err.toString().contains("trainer.precision"), err.toString());
        assertEquals(2, train(directory.resolve("run"), "--format", "tsv"));
        assertTrue(err.toString().contains("expected tandem, rocketqa, flagembedding or tevatron"), err.toString());
    }

    @Test
    void needsModelsToBeginFrom() {
        assertEquals(2, train(directory.resolve("nothing-yet")));
        assertTrue(err.toString().contains("Expected --init DIR"), err.toString());
    }

    @Test
    void goesOnFromTheCheckpointBeforeADamagedOneAndBeginsAnewWhereAllAre() throws IOException {
        Path run = directory.resolve("damaged");
        train(run, "--init", path("initial"), "--steps", "4");
        damage(result(train(run, "--steps", "5")));

        JsonNode again = result(train(run, "--steps", "5"));

        assertEquals(5, again.path("step").asInt());
        damageAll(run);
        assertEquals(2, train(run, "--steps", "1"));
        assertTrue(
                err.toString().contains("Expected --init DIR: there is no checkpoint to go on from"), err.toString());
        assertEquals(
                1,
                result(train(run, "--init", path("initial"), "--steps", "1"))
                        .path("step")
                        .asInt());
    }

    private static void damage(JsonNode result) throws IOException {
        Files.writeString(Path.of(result.path("checkpoint").asText()).resolve("training/state.json"), "{");
    }

    private static void damageAll(Path run) throws IOException {
        try (Stream<Path> checkpoints = Files.list(run.resolve("checkpoints"))) {
            for (Path checkpoint : checkpoints.toList()) {
                Files.writeString(checkpoint.resolve("training/state.json"), "{");
            }
        }
    }

    @Test
    void stopsBeforeTrainingIfTooMuchIsRefused() {
        int status = train(directory.resolve("run"), "--init", path("initial"), "--most-refused", "0.01");

        assertEquals(1, status);
        assertTrue(err.toString().contains("Expected to refuse at most 1 % of the lines"), err.toString());
    }

    private int train(Path run, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--lists",
                path("lists.jsonl"),
                "--recipe",
                path("recipe.properties"),
                "--out",
                run.toString(),
                "--json"));
        arguments.addAll(List.of(more));
        return Tandem.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }

    private JsonNode result(int status) throws IOException {
        assertEquals(3, status, err.toString());
        List<String> lines = out.toString().lines().toList();
        return new JsonMapper().readTree(lines.get(lines.size() - 1));
    }

    private static byte[] weights(JsonNode result) throws IOException {
        return Files.readAllBytes(Path.of(result.path("checkpoint").asText()).resolve(WEIGHTS));
    }

    private static String path(String name) {
        return directory.resolve(name).toString();
    }
}
