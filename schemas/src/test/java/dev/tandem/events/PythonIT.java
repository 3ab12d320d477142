package dev.tandem.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** python/tandem_events.py against events of the Java side, by the Python that TANDEM_PYTHON names (else python3). */
class PythonIT {
    private static final String PYTHON = System.getenv().getOrDefault("TANDEM_PYTHON", "python3");
    private static final Path SCRIPT = Path.of("python", "tandem_events.py");

    private final Topics single = new Topics();

    @Test
    void readsPromotionsAndSendsQueries(@TempDir Path directory) throws Exception {
        readAndSend(directory, single);
    }

    @Test
    void readsBothEncodingsAndWritesThatOfTheRegistry(@TempDir Path directory) throws Exception {
        try (StubRegistry registry = StubRegistry.start()) {
            readAndSend(directory, new Topics(registry.events(EventEncoding.REGISTRY)), "--registry", registry.url());
        }
    }

    /** The first promotion is in single-object encoding, all else as the topics have it. */
    private void readAndSend(Path directory, Topics topics, String... options) throws Exception {
        assumeTrue(
                run(PYTHON, "-c", "import avro.io, confluent_kafka").status() == 0,
                PYTHON + " has no avro and confluent-kafka; name one that has by TANDEM_PYTHON");
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            assertTrue(TopicAdmin.awaitTopics(broker.kafka(), topics, () -> false));
            promote(broker, single, "first");
            promote(broker, topics, "second");

            Said promotions = script(broker, List.of("promotions"), options);
            Said id = script(broker, List.of("query", "Röschen split?", "--relevant", "p17"), options);

            assertEquals(0, promotions.status(), promotions.text());
            List<JsonNode> lines = new ArrayList<>();
            for (String line : promotions.text().strip().split("\n", -1)) {
                lines.add(new JsonMapper().readTree(line));
            }
            assertEquals("first", lines.get(0).path("checkpointId").asText());
            assertEquals("second", lines.get(1).path("checkpointId").asText());
            assertEquals(0.5, lines.get(1).at("/metrics/0/value").asDouble());
            assertEquals(0, id.status(), id.text());
            ConsumerRecord<byte[], byte[]> record = onlyQuery(broker);
            QueryRecorded query = topics.queries().read(record.value());
            assertEquals(query.getId(), new String(record.key(), UTF_8));
            assertEquals(topics.queries().write(query)[0], record.value()[0]);
            assertEquals(id.text().strip(), query.getId());
            assertEquals("Röschen split?", query.getText());
            assertEquals(List.of(new Judgement("p17", 1)), query.getJudgements());
            assertTrue(
                    Duration.between(query.getRecordedAt(), Instant.now()).abs().toMinutes() < 5);
        }
    }

    private static void promote(EmbeddedBroker broker, Topics topics, String checkpoint) throws Exception {
        CheckpointPromoted event = PromotionsForTests.promotion(checkpoint);
        try (Producer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "compression.type", "zstd"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            topics.promotions().name(),
                            "champion",
                            topics.promotions().write(event)))
                    .get();
        }
    }

    private ConsumerRecord<byte[], byte[]> onlyQuery(EmbeddedBroker broker) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer
                    .partitionsFor(single.queries().name())
                    .stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            consumer.poll(Duration.ofSeconds(30)).forEach(records::add);
            assertEquals(1, records.size());
            return records.get(0);
        }
    }

    /** What a process printed, errors included, and how it ended. */
    private record Said(int status, String text) {}

    private static Said script(EmbeddedBroker broker, List<String> arguments, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON, SCRIPT.toString()));
        command.addAll(arguments);
        command.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
        command.addAll(List.of(options));
        return run(command.toArray(String[]::new));
    }

    private static Said run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return new Said(127, e.toString());
        }
        try {
            String text = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertTrue(process.waitFor(1, TimeUnit.MINUTES), "still running");
            return new Said(process.exitValue(), text);
        } finally {
            process.destroyForcibly();
        }
    }
}
