package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.events.EmbeddedBroker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service as a process on a broker, fed over HTTP. */
class FeedbackResourceIT {
    private static final Path SERVICE = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String PASSAGE = "{\"id\":\"p1\",\"title\":\"\",\"text\":\"one\"}";

    @TempDir
    private static Path directory;

    private static EmbeddedBroker broker;
    private static Process service;
    private static URI root;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.exists(SERVICE), "%s is not built: run mvn verify".formatted(SERVICE));
        broker = EmbeddedBroker.start(directory.resolve("broker"));
        int port = freePort();
        root = URI.create("http://127.0.0.1:%d/".formatted(port));
        service = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dai.djl.offline=true",
                        "-Dquarkus.http.port=" + port,
                        "-Dkafka.bootstrap.servers=" + broker.bootstrapServers(),
                        "-Dminer.store=" + directory.resolve("store"),
                        "-Dminer.state-dir=" + directory.resolve("state"),
                        "-Dminer.token=secret",
                        "-jar",
                        SERVICE.toString())
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target/feedback-resource-it.log").toFile())
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (service != null) {
            service.destroy();
            service.waitFor();
            broker.close();
        }
    }

    @Test
    void takesFeedbackFromThoseWhoKnowTheToken() throws Exception {
        await().atMost(PATIENCE)
                .ignoreException(ConnectException.class)
                .until(() -> post("passages", PASSAGE, "Bearer secret").statusCode() == 200);

        JsonNode receipt = new ObjectMapper()
                .readTree(post(
                                "queries",
                                "{\"id\":\"i1\",\"text\":\"sort\",\"shown\":[\"p1\"],\"user\":\"u\"}\n{\"text\":\"sort\"\n",
                                "Bearer secret")
                        .body());
        assertEquals(1, receipt.path("accepted").asInt());
        assertEquals(1, receipt.path("refused").asInt());
        assertEquals(2, receipt.path("reasons").get(0).path("line").asInt());
        assertEquals(
                200,
                post("clicks", "{\"queryId\":\"i1\",\"passageId\":\"p1\",\"rank\":1,\"user\":\"u\"}", "Bearer secret")
                        .statusCode());
        assertEquals(List.of("i1"), keys("queries"));
        assertEquals(List.of("i1"), keys("clicks"));
        await().atMost(PATIENCE)
                .until(() -> progress().path("clicks").path("accepted").asInt() == 1);
        assertEquals(1, progress().path("impressions").path("counted").asInt());

        assertEquals(422, post("clicks", "nonsense", "Bearer secret").statusCode());
        assertEquals(401, post("passages", PASSAGE, "Bearer guessed").statusCode());
        HttpResponse<String> unknown = post("passages", PASSAGE, null);
        assertEquals(401, unknown.statusCode());
        assertTrue(unknown.body().contains("miner.token"), unknown.body());
        assertEquals(1, keys("queries").size());
    }

    private HttpResponse<String> post(String path, String body, String authorization)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private JsonNode progress() throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(http.send(
                                HttpRequest.newBuilder(root.resolve("progress")).build(), BodyHandlers.ofString())
                        .body());
    }

    private static List<String> keys(String topic) {
        return CommittedRecords.of(broker.bootstrapServers(), topic).stream()
                .map(record -> new String(record.key(), UTF_8))
                .toList();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
