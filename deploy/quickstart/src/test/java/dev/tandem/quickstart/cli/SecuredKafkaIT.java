package dev.tandem.quickstart.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.BrokerSecurity;
import dev.tandem.events.EmbeddedBroker;
import dev.tandem.quickstart.process.ChildProcess;
import dev.tandem.quickstart.process.FreePort;
import dev.tandem.quickstart.process.JavaCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged services and the command line on a broker that wants TLS and a password, and what they keep to themselves. */
class SecuredKafkaIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String PASSWORD = "gr3en-Door-51";
    private static final String TOKEN = "t0ken-of-sixteen-and-more";
    private static final String QUERY = "why is the zebra striped";
    private static final String USER = "visitor-7731";

    private final Map<String, URI> addresses = new LinkedHashMap<>();
    private final List<ChildProcess> services = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final StringWriter err = new StringWriter();

    @TempDir
    private static Path directory;

    private static BrokerSecurity security;
    private static EmbeddedBroker broker;

    @BeforeAll
    static void startBroker() throws Exception {
        security = BrokerSecurity.in(directory.resolve("keys"), PASSWORD);
        broker = EmbeddedBroker.start(directory.resolve("broker"), security);
    }

    @AfterEach
    void stopServices() {
        services.parallelStream().forEach(ChildProcess::close);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void speaksToItsBrokerAndTellsNobodyPasswordsQueriesOrUsers() throws Exception {
        Path initial = Files.createDirectories(directory.resolve("initial"));
        TinyModels.write(initial, TinyModels.tokenizer(directory));
        start("miner", Map.of("miner.state-dir", directory.resolve("state").toString(), "miner.token", TOKEN));
        start("trainer", Map.of("trainer.init", initial.toString()));
        start("evaluator", Map.of("evaluator.token", TOKEN));

        Path file = config("secured.properties", PASSWORD);
        assertEquals(
                0, run(file, "load", lines("passages", "{\"id\":\"p1\",\"title\":\"\",\"text\":\"one\"}")), this::told);
        String query = "{\"id\":\"i1\",\"text\":\"%s\",\"judgements\":{\"p1\":1},\"shown\":[\"p1\"],\"user\":\"%s\"}";
        assertEquals(0, run(file, "queries", lines("queries", query.formatted(QUERY, USER))), this::told);
        String click = "{\"queryId\":\"i1\",\"passageId\":\"p1\",\"rank\":1,\"user\":\"%s\"}";
        assertEquals(0, run(file, "clicks", lines("clicks", click.formatted(USER))), this::told);
        assertEquals(0, run(file, "promotions"), this::told);

        addresses
                .keySet()
                .forEach(service -> await(service)
                        .atMost(PATIENCE)
                        .until(() -> get(service, "q/health/ready").contains("\"status\": \"UP\"")));
        await("the query is labelled")
                .atMost(PATIENCE)
                .until(() -> get("miner", "progress").matches("(?s).*\"(labelledQueries|heldOut)\":\\s*1.*"));
        addresses.keySet().forEach(this::assertKeepsToItself);
    }

    @Test
    void saysWhyABrokerCannotBeUsedWithoutThePassword() throws Exception {
        int status = run(config("wrong.properties", PASSWORD + "x"), "promotions");

        assertEquals(1, status);
        assertTrue(
                err.toString().startsWith("The broker at " + broker.bootstrapServers() + " cannot be used"),
                this::told);
        assertTrue(err.toString().contains("Authentication failed"), this::told);
        assertFalse(err.toString().contains(PASSWORD), this::told);

        Path unprefixed = Files.writeString(directory.resolve("plain.properties"), "security.protocol=SASL_SSL\n");
        assertEquals(1, run(unprefixed, "promotions"));
        assertTrue(err.toString().contains("begin with \"kafka.\""), this::told);
    }

    /** The password comes by the environment, as from a Kubernetes secret, all else by properties. */
    private void start(String service, Map<String, String> own) {
        Map<String, String> properties = new LinkedHashMap<>(security.ofClient(broker.bootstrapServers(), PASSWORD));
        String jaas = properties.remove("kafka.sasl.jaas.config");
        int port = FreePort.next();
        properties.put("ai.djl.offline", "true");
        properties.put("quarkus.http.port", String.valueOf(port));
        properties.put(service + ".store", directory.resolve("store").toString());
        properties.putAll(own);
        Path jar = Path.of("../../%s-service/target/quarkus-app/quarkus-run.jar".formatted(service));
        JavaCommand command = JavaCommand.jar(jar.toAbsolutePath(), 256, properties);
        services.add(new ChildProcess(service, command, Map.of("KAFKA_SASL_JAAS_CONFIG", jaas), directory, death -> {})
                .start());
        addresses.put(service, URI.create("http://127.0.0.1:%d/".formatted(port)));
    }

    private void assertKeepsToItself(String service) {
        List<String> told = new ArrayList<>(List.of(log(service)));
        for (String path : List.of("q/health", "q/metrics", "progress")) {
            told.add(get(service, path));
        }
        for (String secret : List.of(PASSWORD, TOKEN, QUERY, USER)) {
            assertEquals(
                    List.of(),
                    told.stream().filter(text -> text.contains(secret)).toList(),
                    service);
        }
        assertTrue(told.get(0).contains("started in"), told.get(0));
    }

    private String log(String service) {
        try {
            return Files.readString(directory.resolve(service + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a service answers; empty while it does not. */
    private String get(String service, String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(addresses.get(service).resolve(path))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path config(String name, String password) throws IOException {
        Properties properties = new Properties();
        properties.putAll(security.ofClient(broker.bootstrapServers(), password));
        Path file = directory.resolve(name);
        try (Writer writer = Files.newBufferedWriter(file, UTF_8)) {
            properties.store(writer, null);
        }
        return file;
    }

    private String lines(String name, String line) throws IOException {
        return Files.writeString(directory.resolve(name + ".jsonl"), line + "\n")
                .toString();
    }

    private int run(Path config, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", config.toString()));
        return Tandem.commandLine()
                .setOut(new PrintWriter(new StringWriter(), true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(new String[0]));
    }

    private String told() {
        return err + "\n" + addresses.keySet().stream().map(this::log).toList();
    }
}
