package dev.tandem.evaluator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = ServiceProcess.TOKEN;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    static Path directory;

    private static RingAround ring;
    private static ServiceProcess service;
    private static URI root;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        ServiceProcess.assumeBuilt();
        ring = new RingAround(directory);
        service = ServiceProcess.start(ring, "evaluator-service-it.log");
        root = service.root();
    }

    @AfterAll
    static void stop() throws Exception {
        if (service != null) {
            service.close();
            ring.close();
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
        assertRefused(400, "api/search?q=x&stage=first");
        assertRefused(400, "api/search?q=x&checkpoint=first");
        assertRefused(404, "api/search?q=x&engine=challenger");
        assertRefused(404, "api/search?q=x&engine=challenger&checkpoint=first");
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
    void setsAnyCheckpointBesideTheChampion() throws Exception {
        evaluate("twin", 7);
        evaluate("other", 20);
        evaluate("third", 33);
        await().atMost(PATIENCE)
                .until(() -> beside("").path("servedBy").asText().equals("third"));

        JsonNode newest = beside("");
        JsonNode sameRetriever = beside("&checkpoint=twin");
        JsonNode another = beside("&checkpoint=other");
        assertTrue(newest.get("candidates").isNull(), "it is in memory with its embeddings");
        assertEquals("twin", sameRetriever.get("servedBy").asText());
        assertTrue(sameRetriever.get("candidates").isNull(), "it has the champion's retriever");
        assertEquals(search("matrix cache", "").get("hits"), sameRetriever.get("hits"), "and the champion's re-ranker");
        assertEquals("other", another.get("servedBy").asText());
        int candidates = another.get("candidates").asInt();
        assertTrue(candidates >= 50 && candidates <= RingAround.PASSAGES, "candidates: " + candidates);
        JsonNode hit = beside("&checkpoint=other&stage=reranker").get("hits").get(0);
        assertEquals(1, hit.get("rerankerRank").asInt());
        assertTrue(hit.get("retrieverRank").asInt() >= 1);
        assertRefused(409, "api/search?q=x&engine=challenger&checkpoint=first");
        assertRefused(404, "api/search?q=x&engine=challenger&checkpoint=nobody");
    }

    private void evaluate(String id, long seed) throws Exception {
        ring.announce(ring.save(id, true, seed), true);
        await().atMost(PATIENCE)
                .until(() -> get("checkpoints/" + id)
                        .path("checkpoint")
                        .path("decision")
                        .isTextual());
    }

    private JsonNode beside(String more) throws Exception {
        return search("matrix cache", "&engine=challenger" + more);
    }

    @Test
    @Order(8)
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
        JsonNode state = get("api/state");
        assertTrue(state.get("champion").get("frozen").asBoolean());
        assertTrue(state.get("champion").get("reason").asText().startsWith("First champion"), "why it is champion");
        assertTrue(state.get("orders").get("possible").asBoolean());
        assertTrue(state.get("orders").get("rollbackTo").isNull());
        assertEquals("ada", state.get("orders").get("freeze").get("by").asText());
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
