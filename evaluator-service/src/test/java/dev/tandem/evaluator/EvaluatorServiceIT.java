package dev.tandem.evaluator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service as a process, asked over HTTP: first without any model, then with its first champion. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EvaluatorServiceIT {
    private static final Path SERVICE = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "a token for this test";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    static Path directory;

    private static RingAround ring;
    private static Process service;
    private static URI root;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.exists(SERVICE), "%s is not built: run mvn verify".formatted(SERVICE));
        ring = new RingAround(directory);
        int port = freePort();
        root = URI.create("http://127.0.0.1:%d/".formatted(port));
        service = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dai.djl.offline=true",
                        "-Dquarkus.http.port=" + port,
                        "-Dkafka.bootstrap.servers=" + ring.bootstrapServers(),
                        "-Devaluator.store=" + ring.storeDirectory(),
                        "-Devaluator.token=" + TOKEN,
                        "-jar",
                        SERVICE.toString())
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target/evaluator-service-it.log").toFile())
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (service != null) {
            service.destroy();
            service.waitFor();
            ring.close();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    @Order(1)
    void answersWithBm25BeforeThereIsAChampion() throws Exception {
        ring.publishCorpus();
        await().atMost(PATIENCE)
                .ignoreException(ConnectException.class)
                .until(() -> get("progress").path("passages").asInt() == RingAround.PASSAGES);
        await().atMost(PATIENCE)
                .until(() ->
                        !search("distribution interpolator", "").path("hits").isEmpty());

        JsonNode answer = search("distribution interpolator", "&k=3");

        assertEquals("bm25", answer.get("servedBy").asText());
        assertEquals("bm25", answer.get("orderedBy").asText());
        assertTrue(answer.get("hits").size() <= 3);
        JsonNode best = answer.get("hits").get(0);
        assertEquals(1, best.get("rank").asInt());
        assertTrue(best.get("text").asText().contains("distribution"), best.toString());
        assertTrue(best.get("rerankerScore").isNull());
        assertTrue(get("api/state").get("champion").isNull());
        assertTrue(get("api/report").get("first").isNull());
    }

    @Test
    @Order(2)
    void refusesWhatItCannotAnswerInWords() throws Exception {
        assertRefused(400, "api/search");
        assertRefused(400, "api/search?q=%20");
        assertRefused(400, "api/search?q=" + "x".repeat(1_001));
        assertRefused(400, "api/search?q=x&k=0");
        assertRefused(400, "api/search?q=x&k=101");
        assertRefused(400, "api/search?q=x&k=many");
        assertRefused(400, "api/search?q=x&engine=google");
        assertRefused(404, "api/search?q=x&engine=challenger");
    }

    @Test
    @Order(3)
    void servesTheFirstChampionAndTellsItLive() throws Exception {
        CompletableFuture<Boolean> told = firstLiveMessageWith("\"champion\":{\"id\":\"first\"");
        ring.announce(ring.save("first", true, 7), true);
        await().atMost(PATIENCE).until(() -> get("progress").path("promotions").asInt() == 1);

        JsonNode progress = get("progress");
        assertEquals("first", progress.get("champion").asText());
        assertEquals(1, progress.get("evaluated").asInt());
        JsonNode report = get("api/report");
        for (String ranking : new String[] {"retriever", "reranker", "fused"}) {
            assertTrue(report.get("last").get(ranking).get("mrr@10").isNumber(), report.toString());
        }
        assertTrue(report.get("bm25").get("recall@50").asDouble() > 0.5);
        assertTrue(told.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS).join());

        await().atMost(PATIENCE)
                .until(() -> search("matrix cache", "").get("servedBy").asText().equals("first"));
        JsonNode answer = search("matrix cache", "");
        assertEquals("fused", answer.get("orderedBy").asText());
        assertEquals(10, answer.get("hits").size());
        assertTrue(answer.get("hits").get(0).get("rerankerScore").isNumber());
    }

    @Test
    @Order(4)
    void showsItsStateAsTheDashboardReadsIt() throws Exception {
        JsonNode state = get("api/state");

        JsonNode champion = state.get("champion");
        assertTrue(champion.get("reason").asText().startsWith("First champion"), champion.toString());
        JsonNode metric = champion.get("metrics").get(0);
        for (String field : new String[] {"ranking", "name", "querySet", "slice", "queries", "value", "low", "high"}) {
            assertTrue(metric.has(field), field);
        }
        assertEquals("PROMOTED", state.get("checkpoints").get(0).get("decision").asText());
        assertEquals(RingAround.PASSAGES, state.get("corpus").get("passages").asInt());
        assertEquals(
                RingAround.PASSAGES,
                state.get("corpus").get("heldOut").get("judged").asInt());
        assertEquals(Set.of("gate", "report"), Set.copyOf(state.get("bm25").findValuesAsText("querySet")));
        assertTrue(state.get("activity").get("trouble").isNull());
    }

    @Test
    @Order(5)
    void servesThePageItsChartsAndItsHealth() throws Exception {
        assertEquals(200, fetch("").statusCode());
        assertEquals(200, fetch("_static/echarts/dist/echarts.min.js").statusCode());
        assertEquals(200, fetch("q/health").statusCode());
        await().atMost(PATIENCE).until(() -> fetch("q/metrics").body().contains("evaluator_champion_metric{"));
        String metrics = fetch("q/metrics").body();
        assertTrue(metrics.contains("evaluator_decisions_total{decision=\"PROMOTED\"} 1.0"), metrics);
    }

    @Test
    @Order(6)
    void tellsEverythingOfACheckpointAndHandsOutItsFiles() throws Exception {
        await().atMost(PATIENCE)
                .until(() -> fetch("checkpoints/first/files/README.md").statusCode() == 200);

        assertEquals("first", get("champion").get("id").asText());
        assertEquals("first", get("checkpoints").get(0).get("id").asText());
        JsonNode first = get("checkpoints/first");
        assertEquals("PROMOTED", first.get("checkpoint").get("decision").asText());
        assertFalse(first.get("checkpoint").get("metrics").isEmpty());
        assertEquals("first", first.get("lineage").get(0).get("id").asText());
        assertEquals(
                "First champion",
                first.get("promotions").get(0).get("reason").asText().substring(0, 14));
        assertTrue(first.get("inStore").asBoolean());
        JsonNode weights = first.get("files")
                .valueStream()
                .filter(file -> file.get("path").asText().equals("retriever/model.safetensors"))
                .findFirst()
                .orElseThrow();
        byte[] bytes = http.send(request(weights.get("href").asText()), HttpResponse.BodyHandlers.ofByteArray())
                .body();
        assertEquals(weights.get("bytes").asLong(), bytes.length);
        assertEquals(weights.get("sha256").asText(), sha256(bytes));
        assertTrue(fetch("checkpoints/first/files/README.md").body().startsWith("---\nlibrary_name"));
        assertRefused(404, "checkpoints/none");
        assertRefused(404, "checkpoints/none/files/manifest.json");
        assertRefused(404, "checkpoints/first/files/retriever");
        assertEquals(
                404,
                fetch("checkpoints/first/files/%2e%2e%2ffirst%2fmanifest.json").statusCode());
    }

    @Test
    @Order(7)
    void takesOrdersOnlyWithTheTokenAndAReason() throws Exception {
        String freeze = "{\"action\": \"freeze\", \"reason\": \"holidays\", \"by\": \"ada\"}";
        assertEquals(401, order(null, freeze).statusCode());
        assertEquals(401, order("Bearer wrong", freeze).statusCode());
        assertEquals(400, order("Bearer " + TOKEN, "{\"action\": \"freeze\"}").statusCode());
        assertEquals(
                400,
                order("Bearer " + TOKEN, "{\"action\": \"melt\", \"reason\": \"x\"}")
                        .statusCode());
        assertEquals(400, order("Bearer " + TOKEN, "{").statusCode());
        assertEquals(
                409,
                order("Bearer " + TOKEN, "{\"action\": \"rollback\", \"reason\": \"x\"}")
                        .statusCode());
        assertEquals(1, get("promotions").size());

        HttpResponse<String> frozen = order("Bearer " + TOKEN, freeze);

        assertEquals(200, frozen.statusCode(), frozen.body());
        assertTrue(get("champion").get("frozen").asBoolean());
        assertEquals("Frozen: holidays", get("promotions").get(1).get("reason").asText());
        assertEquals("ada", get("promotions").get(1).get("promotedBy").asText());
        assertTrue(get("api/state").get("champion").get("frozen").asBoolean());
    }

    private HttpResponse<String> order(String authorization, String body) throws Exception {
        HttpRequest.Builder order = HttpRequest.newBuilder(root.resolve("promotions"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (authorization != null) {
            order.header("Authorization", authorization);
        }
        return http.send(order.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private void assertRefused(int status, String path) throws Exception {
        HttpResponse<String> response = fetch(path);
        assertEquals(status, response.statusCode(), path);
        assertFalse(JSON.readTree(response.body()).get("error").asText().isBlank());
    }

    private JsonNode search(String query, String more) throws Exception {
        return get("api/search?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8) + more);
    }

    private JsonNode get(String path) throws Exception {
        return JSON.readTree(fetch(path).body());
    }

    private HttpResponse<String> fetch(String path) throws IOException, InterruptedException {
        return http.send(request(path), HttpResponse.BodyHandlers.ofString());
    }

    private CompletableFuture<Boolean> firstLiveMessageWith(String part) {
        return http.sendAsync(request("api/live"), HttpResponse.BodyHandlers.ofLines())
                .thenApplyAsync(response -> {
                    try (Stream<String> lines = response.body()) {
                        return lines.anyMatch(line -> line.startsWith("data:") && line.contains(part));
                    }
                });
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(root.resolve(path)).timeout(PATIENCE).build();
    }
}
