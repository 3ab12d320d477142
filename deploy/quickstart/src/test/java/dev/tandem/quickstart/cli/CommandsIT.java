package dev.tandem.quickstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.EventEncoding;
import dev.tandem.events.KafkaSettings;
import dev.tandem.events.StubRegistry;
import dev.tandem.events.Topics;
import dev.tandem.quickstart.feed.EventFeed;
import dev.tandem.quickstart.feed.SendingMark;
import dev.tandem.retrieval.Passage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that speak to a broker, on a real one that wants TLS and a password. */
class CommandsIT {
    @TempDir
    private static Path directory;

    private static SecuredBroker secured;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void startBroker() throws Exception {
        secured = SecuredBroker.running();
    }

    @Test
    void takesWhatItCanAndNamesTheLinesItCannot() throws IOException {
        Path file = directory.resolve("queries.jsonl");
        Files.write(
                file,
                List.of(
                        "{\"text\": \"sort a list\", \"judgements\": {\"p1\": 1}}",
                        "{\"text\": \"sort a list\"",
                        "{\"text\": \"open a file\", \"judgements\": {\"p2\": 1}}"));

        int status = run("queries", file.toString(), "--json");

        JsonNode summary = new JsonMapper().readTree(out.toString());
        assertEquals(3, status);
        assertEquals(2, summary.path("taken").asInt());
        assertEquals(1, summary.path("refused").asInt());
        assertTrue(err.toString().startsWith("queries.jsonl:2: expected one JSON object"), err.toString());
    }

    @Test
    void loadsPassages() throws IOException {
        Path corpus = Files.createDirectories(directory.resolve("corpus"));
        Files.write(corpus.resolve("corpus.jsonl"), List.of("{\"_id\":\"p1\",\"title\":\"\",\"text\":\"one\"}"));

        int status = run("load", corpus.toString());

        assertEquals(0, status, err.toString());
        assertEquals("1 passages taken, 0 refused", out.toString().strip());
    }

    @Test
    void goesOnWhereAnEarlierRunWasStopped() throws Exception {
        Path home = directory.resolve("home");
        Path file = directory.resolve("many.jsonl");
        Files.write(
                file,
                IntStream.range(0, 10_050)
                        .mapToObj("{\"id\": \"many-%d\", \"text\": \"one of many\"}"::formatted)
                        .toList());
        KafkaSettings kafka = secured.broker().kafka();
        try (Admin admin = Admin.create(kafka.with(Map.of()));
                EventFeed feed = new EventFeed(kafka)) {
            String command = "load to " + admin.describeCluster().clusterId().get();
            SendingMark killed = SendingMark.of(home.resolve("sent"), command, file);
            IntStream.range(0, 10_020)
                    .mapToObj(i -> new Passage("many-" + i, "", "one of many"))
                    .forEach(passage -> killed.send(feed, () -> feed.publish(passage)));
        }

        assertEquals(0, run("load", file.toString(), "--home", home.toString()), err.toString());
        assertTrue(err.toString().startsWith("going on after 10,000 events"), err.toString());
        assertEquals("50 passages taken, 0 refused", out.toString().strip());
    }

    @Test
    void sendsClicks() throws IOException {
        Path file = directory.resolve("clicks.jsonl");
        Files.write(
                file,
                List.of("{\"queryId\":\"i1\",\"passageId\":\"p1\",\"rank\":1,\"dwellMillis\":40000,\"user\":\"u\"}"));

        assertEquals(0, run("clicks", file.toString()), err.toString());
    }

    @Test
    void loadsMsMarcoWithItsQueries() throws IOException {
        Path corpus = Files.createDirectories(directory.resolve("msmarco"));
        Files.write(corpus.resolve("collection.tsv"), List.of("0\tone", "broken", "1\ttwo"));
        Files.write(corpus.resolve("queries.train.tsv"), List.of("7\tfirst"));
        Files.write(corpus.resolve("qrels.train.tsv"), List.of("7\t0\t1\t1"));

        int status = run("load", corpus.toString(), "--queries");

        assertEquals(3, status);
        assertEquals("3 passages and queries taken, 1 refused", out.toString().strip());
        assertTrue(err.toString().startsWith("collection.tsv:2: expected id and text"), err.toString());
    }

    @Test
    void takesTheEventsOfMetarankFromOneFile() throws IOException {
        Path file = directory.resolve("metarank.jsonl");
        Files.write(
                file,
                List.of(
                        "{\"event\":\"item\",\"id\":\"1\",\"timestamp\":\"1769860800000\",\"item\":\"i1\",\"fields\":[{\"name\":\"title\",\"value\":\"a\"}]}",
                        "{\"event\":\"ranking\",\"id\":\"r1\",\"timestamp\":\"1769860800000\",\"user\":\"u\",\"fields\":[{\"name\":\"query\",\"value\":\"a\"}],\"items\":[{\"id\":\"i1\"}]}",
                        "{\"event\":\"interaction\",\"id\":\"2\",\"ranking\":\"r1\",\"timestamp\":\"1769860801000\",\"user\":\"u\",\"type\":\"click\",\"item\":\"i1\"}"));

        assertEquals(0, run("load", file.toString()), err.toString());
        assertEquals(0, run("queries", file.toString(), "--format", "metarank"), err.toString());
        assertEquals(0, run("clicks", file.toString()), err.toString());

        assertEquals(
                List.of(
                        "1 passages taken, 0 refused, 2 lines about something else",
                        "1 queries taken, 0 refused, 2 lines about something else",
                        "1 clicks taken, 0 refused, 2 lines about something else"),
                out.toString().lines().toList());
    }

    @Test
    void listsPromotions() throws IOException {
        Topics topics = new Topics();
        CheckpointPromoted promotion = CheckpointPromoted.newBuilder()
                .setCheckpointId("run-450")
                .setUri("file:///checkpoints/run-450")
                .setDigest("0".repeat(64))
                .setStep(450)
                .setRerankerTrained(false)
                .setMetrics(List.of())
                .setReason("first champion")
                .setPromotedAt(Instant.parse("2026-03-01T10:00:00Z"))
                .build();
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                secured.broker().kafka().with(Map.of()), new StringSerializer(), new ByteArraySerializer())) {
            var unused = producer.send(topics.promotions().record(Topics.CHAMPION, promotion));
        }

        int status = run("promotions");

        assertEquals(0, status, err.toString());
        assertEquals(
                "2026-03-01T10:00:00Z  run-450  step 450  first champion",
                out.toString().strip());
    }

    @Test
    void sendsAsTheRegistryWantsItAndLooksAfterIt() throws IOException {
        try (StubRegistry registry = StubRegistry.start()) {
            Path config = directory.resolve("registry.properties");
            Files.writeString(config, Files.readString(secured.config(SecuredBroker.PASSWORD)));
            Properties more = new Properties();
            more.putAll(registry.settings(EventEncoding.REGISTRY));
            try (Writer writer = Files.newBufferedWriter(config, StandardOpenOption.APPEND)) {
                more.store(writer, null);
            }
            Path file = directory.resolve("one.jsonl");
            Files.writeString(file, "{\"text\": \"split a string\", \"judgements\": {\"p1\": 1}}");

            assertEquals(0, runWith(config, "queries", file.toString()), err.toString());
            assertTrue(registry.asked() > 0);
            runWith(config, "doctor");
            assertTrue(out.toString().contains("answers and has all schemas"), out.toString());
            registry.goDown();
            assertEquals(1, runWith(config, "queries", file.toString()));
            assertTrue(err.toString().contains("gives no answer: status 503"), err.toString());
            assertEquals(1, runWith(config, "doctor"));
            assertTrue(out.toString().contains("!!! registry"), out.toString());
        }
    }

    @Test
    void saysThatNoBrokerAnswers() {
        int status = Tandem.commandLine()
                .setErr(new PrintWriter(err, true))
                .execute("promotions", "--bootstrap-servers", "127.0.0.1:1");

        assertEquals(1, status);
        assertTrue(err.toString().startsWith("No Kafka broker answers at 127.0.0.1:1: Timed out"), err.toString());
        assertTrue(err.toString().contains("kafka.security.protocol (PLAINTEXT)"), err.toString());
    }

    private int run(String... arguments) throws IOException {
        return runWith(secured.config(SecuredBroker.PASSWORD), arguments);
    }

    private int runWith(Path config, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", config.toString()));
        return Tandem.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(new String[0]));
    }
}
