package dev.tandem.quickstart;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.quickstart.cli.Tandem;
import dev.tandem.quickstart.corpus.BeirDirectory;
import dev.tandem.quickstart.corpus.SmallCorpus;
import dev.tandem.quickstart.home.RunningQuickstart;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole ring, as a user starts it: a broker and the packaged services as processes, on a tiny corpus. */
class RingIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int PASSAGES = 360;
    private static final int HELD_OUT = 120;
    private static final int RETRIEVER_STEPS = 60;
    private static final int RERANKER_STEPS = 40;
    private static final int JOINT_STEPS = 40;

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter result = new StringWriter();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void learnsPromotesAndMinesAgain() throws Exception {
        Path data = directory.resolve("data");
        new BeirDirectory(data).write(SmallCorpus.of(PASSAGES, HELD_OUT, 1));

        Future<Integer> run = executor.submit(quickstart(data)::run);
        awaitMining(run, miner -> !miner.path("minedBy").asText("bm25").equals("bm25"));
        await().atMost(PATIENCE)
                .untilAsserted(this::assertTellsPrometheus); // the evaluator tells of its champion in its next round
        assertTellsWhereItStands();
        assertTrue(
                miner().orElseThrow().at("/index/embeddings/offered").asInt() > 0,
                "the embeddings come with the promotion");
        int status = run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertEquals(0, status, this::everything);
        JsonNode table = new JsonMapper().readTree(result.toString());
        assertTrue(table.path("promotions").asInt() >= 1, this::everything);
        assertEquals(
                RETRIEVER_STEPS + RERANKER_STEPS + JOINT_STEPS,
                table.path("steps").asInt(),
                this::everything);
        assertTrue(table.path("lists").asInt() >= PASSAGES - HELD_OUT, this::everything);
        assertTrue(
                table.path("last").path("retriever").path("mrr@10").asDouble()
                        >= table.path("first").path("retriever").path("mrr@10").asDouble(),
                this::everything);
        assertEquals(
                List.of(),
                ProcessHandle.current()
                        .children()
                        .filter(ProcessHandle::isAlive)
                        .toList());
    }

    private Quickstart quickstart(Path data) {
        Map<String, String> small = Map.ofEntries(
                Map.entry("quickstart.vocabulary", "400"),
                Map.entry("quickstart.hidden", "64"),
                Map.entry("quickstart.heads", "2"),
                Map.entry("quickstart.intermediate", "128"),
                Map.entry("quickstart.passage-tokens", "48"),
                Map.entry("quickstart.cross-tokens", "64"),
                Map.entry("quickstart.seconds-of-clicks", "20"),
                Map.entry("trainer.recipe.retriever-warm-up.steps", String.valueOf(RETRIEVER_STEPS)),
                Map.entry("trainer.recipe.reranker-warm-up.steps", String.valueOf(RERANKER_STEPS)),
                Map.entry("trainer.recipe.joint.steps", String.valueOf(JOINT_STEPS)),
                Map.entry("trainer.checkpoint-every-steps", "20"));
        QuickstartOptions options = new QuickstartOptions(
                directory.resolve("home"),
                Optional.of(data),
                Optional.empty(),
                PATIENCE,
                false,
                Optional.empty(),
                1,
                true,
                small);
        return new Quickstart(options, new PrintWriter(out, true), new PrintWriter(result, true), false);
    }

    private void awaitMining(Future<Integer> run, Predicate<JsonNode> reached) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            assertTrue(!run.isDone(), () -> "the run ended early: " + everything());
            return miner().filter(reached).isPresent();
        });
    }

    /** Every metric that the panels and alerts of deploy/grafana name is told by some service, once a champion was chosen. */
    private void assertTellsPrometheus() throws IOException {
        RunningQuickstart running =
                RunningQuickstart.find(directory.resolve("home")).orElseThrow();
        StringBuilder told = new StringBuilder();
        for (URI service : List.of(running.miner(), running.trainer(), running.evaluator())) {
            told.append(new String(
                    service.resolve("/q/metrics").toURL().openStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(
                List.of(),
                GrafanaFiles.metrics().stream()
                        .filter(name -> !Pattern.compile("^" + name + "[{ ]", Pattern.MULTILINE)
                                .matcher(told)
                                .find())
                        .toList());
        Set<String> explained = metrics("`(%s)`", Files.readString(Path.of("../operations.md")));
        explained.remove("trainer_tokens_per_micro_batch"); // told once memory ran out
        assertEquals(explained, metrics("# TYPE (%s) ", told));
    }

    /** Names of Tandem's own metrics in a text, without what the kind of a metric adds to them. */
    private static Set<String> metrics(String where, CharSequence text) {
        Set<String> names = new TreeSet<>();
        Pattern.compile(where.formatted("(?:miner|trainer|evaluator)_\\w+"))
                .matcher(text)
                .results()
                .forEach(name -> names.add(name.group(1).replaceAll("_(total|max)$", "")));
        return names;
    }

    private void assertTellsWhereItStands() {
        StringWriter told = new StringWriter();
        int status = Tandem.commandLine()
                .setOut(new PrintWriter(told, true))
                .execute("status", "--home", directory.resolve("home").toString());
        assertEquals(0, status, told::toString);
        assertTrue(
                Pattern.compile("miner .* 360 passages, \\d+ labelled queries to train on, 120 held out")
                        .matcher(told.toString())
                        .find(),
                told::toString);
        assertTrue(told.toString().contains("; champion "), told::toString);
    }

    private Optional<JsonNode> miner() {
        return RunningQuickstart.find(directory.resolve("home")).flatMap(running -> {
            try {
                return Optional.of(new JsonMapper()
                        .readTree(running.miner().resolve("/progress").toURL()));
            } catch (IOException e) {
                return Optional.empty();
            }
        });
    }

    private String everything() {
        return out + "\n" + result;
    }
}
