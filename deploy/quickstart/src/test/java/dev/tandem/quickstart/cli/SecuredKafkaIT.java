package dev.tandem.quickstart.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.BrokerSecurity;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged services and the command line on a broker that wants TLS and a password, and what they keep to themselves. */
class SecuredKafkaIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String PASSWORD = SecuredBroker.PASSWORD;
    private static final String LATE_USER = "evaluator";
    private static final String TOKEN = "t0ken-of-sixteen-and-more";
    private static final String QUERY = "why is the zebra striped";
    private static final String USER = "visitor-7731";

    private final List<OverheardService> services = new ArrayList<>();
    private final StringWriter err = new StringWriter();

    @TempDir
    private static Path directory;

    private static SecuredBroker secured;

    @BeforeAll
    static void startBroker() throws Exception {
        secured = SecuredBroker.running();
    }

    @AfterEach
    void stopServices() {
        services.parallelStream().forEach(OverheardService::close);
    }

    @Test
    void speaksToItsBrokerAndTellsNobodyPasswordsQueriesOrUsers() throws Exception {
        Path initial = Files.createDirectories(directory.resolve("initial"));
        TinyModels.write(initial, TinyModels.tokenizer(directory));
        OverheardService evaluator = start("evaluator", LATE_USER, Map.of("evaluator.token", TOKEN));
        String state = directory.resolve("state").toString();
        OverheardService miner =
                start("miner", BrokerSecurity.USER, Map.of("miner.state-dir", state, "miner.token", TOKEN));
        start("trainer", BrokerSecurity.USER, Map.of("trainer.init", initial.toString()));

        sendFeedback();
        awaitThat(() -> evaluator.log().contains("does not accept user and password"));
        secured.broker().addUser(LATE_USER, PASSWORD);
        services.forEach(service -> awaitThat(service::isReady));
        awaitThat(() -> miner.get("progress").matches("(?s).*\"(labelledQueries|heldOut)\":\\s*[1-9].*"));

        services.forEach(SecuredKafkaIT::assertKeepsToItself);
    }

    private void awaitThat(BooleanSupplier holds) {
        await().atMost(PATIENCE).untilAsserted(() -> assertTrue(holds, this::told));
    }

    private void sendFeedback() throws IOException {
        Path file = secured.config(PASSWORD);
        String passage = "{\"id\":\"p1\",\"title\":\"\",\"text\":\"one\"}";
        assertEquals(0, run(file, "load", lines("passages", passage)), this::told);
        String query = "{\"id\":\"i1\",\"text\":\"%s\",\"judgements\":{\"p1\":1},\"shown\":[\"p1\"],\"user\":\"%s\"}";
        assertEquals(0, run(file, "queries", lines("queries", query.formatted(QUERY, USER))), this::told);
        String click = "{\"queryId\":\"i1\",\"passageId\":\"p1\",\"rank\":1,\"user\":\"%s\"}";
        assertEquals(0, run(file, "clicks", lines("clicks", click.formatted(USER))), this::told);
        assertEquals(0, run(file, "promotions"), this::told);
    }

    @Test
    void saysWhyABrokerCannotBeUsed() throws Exception {
        String servers = secured.broker().bootstrapServers();
        Path wrong = secured.config(PASSWORD + "x");
        assertEquals(1, run(wrong, "promotions"));
        assertTold("The broker at %s does not accept user and password".formatted(servers));
        assertTold("Authentication failed");

        Path untrusting = Files.writeString(
                directory.resolve("untrusting.properties"),
                Files.readString(wrong).replace("kafka.ssl.truststore", "kafka.other"));
        assertEquals(1, run(untrusting, "promotions"));
        assertTold("No TLS connection to the broker at %s comes about".formatted(servers));

        Path plain =
                Files.writeString(directory.resolve("without-tls.properties"), "kafka.bootstrap.servers=" + servers);
        assertEquals(1, run(plain, "promotions"));
        assertTold("The broker at %s speaks TLS, and kafka.security.protocol is PLAINTEXT".formatted(servers));

        Path unprefixed = Files.writeString(directory.resolve("unprefixed.properties"), "security.protocol=SASL_SSL\n");
        assertEquals(1, run(unprefixed, "promotions"));
        assertTold("begin with \"kafka.\"");
        assertFalse(err.toString().contains(PASSWORD), this::told);
    }

    private void assertTold(String part) {
        assertTrue(err.toString().contains(part), this::told);
    }

    /** The password comes by the environment, as from a Kubernetes secret, all else by properties. */
    private OverheardService start(String name, String user, Map<String, String> own) {
        Map<String, String> properties = new LinkedHashMap<>(secured.settings(user));
        Map<String, String> environment = Map.of("KAFKA_SASL_JAAS_CONFIG", properties.remove("kafka.sasl.jaas.config"));
        properties.putAll(own);
        OverheardService service = OverheardService.start(name, properties, environment, directory);
        services.add(service);
        return service;
    }

    private static void assertKeepsToItself(OverheardService service) {
        List<String> said = service.said();
        for (String secret : List.of(PASSWORD, TOKEN, QUERY, USER)) {
            assertEquals(
                    List.of(),
                    said.stream().filter(text -> text.contains(secret)).toList(),
                    service::toString);
        }
        assertTrue(said.stream().noneMatch(String::isEmpty), service::toString);
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
        return err + "\n" + services.stream().map(OverheardService::log).toList();
    }
}
