package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.DeadLetters;
import dev.tandem.events.EmbeddedBroker;
import dev.tandem.events.EventEncoding;
import dev.tandem.events.Judgement;
import dev.tandem.events.KafkaSettings;
import dev.tandem.events.PassagePublished;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.events.StubRegistry;
import dev.tandem.events.Topics;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole miner with a schema registry that goes away, and queries of a producer that has registered its own schema. */
class MinerRegistryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Longer than a transaction of Kafka Streams may last. */
    private static final Duration OUTAGE = Duration.ofSeconds(12);

    private static final int SINGLE_OBJECT_HEADER = 10;

    private final Topics single = new Topics();

    @TempDir
    private Path directory;

    @Test
    void waitsForARegistryThatIsAwayAndRefusesOnlyWhatItDoesNotKnow() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
                StubRegistry registry = StubRegistry.start();
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            int first = theirs(registry, "first");
            int second = theirs(registry, "second");
            for (int i = 0; i < 10; i++) {
                PassagePublished passage = new PassagePublished("p" + i, "", "text about thing number" + i);
                send(producer, "passages", passage.getId(), single.passages().write(passage));
            }

            try (Miner miner = miner(broker, registry)) {
                miner.start();
                await().atMost(PATIENCE).until(miner::isReady);
                registry.goDown();
                send(producer, "queries", "q1", framed(first, "q1", "question about thing number1"));
                await().during(OUTAGE)
                        .atMost(PATIENCE)
                        .until(() -> letters(broker).isEmpty());
                assertEquals(0, miner.mining().lists());

                registry.mend();
                await().atMost(PATIENCE).until(() -> miner.mining().lists() == 1);
                send(producer, "queries", "q9", framed(9_999, "q9", "question of nobody"));
                await().atMost(PATIENCE).until(() -> letters(broker).size() == 1);

                registry.goDown();
                send(producer, "queries", "q2", framed(second, "q2", "question about thing number2"));
                int asked = registry.asked();
                await().atMost(PATIENCE).until(() -> registry.asked() > asked);
            } // closes while it waits
            registry.mend();
            try (Miner miner = miner(broker, registry)) {
                miner.start();
                await().atMost(PATIENCE).until(() -> lists(broker).size() == 2);
            }

            assertTrue(letters(broker).get(0).contains("knows no schema of id 9999"), () -> letters(broker) + "");
            assertEquals(1, letters(broker).size());
            lists(broker).forEach(list -> assertEquals(0, list.value()[0], "lists are in the encoding that is set"));
        }
    }

    /** Another producer's schema of queries: the same fields, told in other words. */
    private static int theirs(StubRegistry registry, String whose) {
        String schema = QueryRecorded.getClassSchema().toString();
        return registry.add("queries-value", schema.replace("\"doc\":\"", "\"doc\":\"" + whose + ": "));
    }

    private byte[] framed(int id, String queryId, String text) {
        QueryRecorded query = new QueryRecorded(
                queryId, text, Instant.now(), List.of(new Judgement("p1", 1)), List.of(), null, null, QueryUse.TRAIN);
        byte[] whole = single.queries().write(query);
        return ByteBuffer.allocate(5 + whole.length - SINGLE_OBJECT_HEADER)
                .put((byte) 0)
                .putInt(id)
                .put(whole, SINGLE_OBJECT_HEADER, whole.length - SINGLE_OBJECT_HEADER)
                .array();
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, String key, byte[] value)
            throws Exception {
        producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value)).get();
    }

    private static List<String> letters(EmbeddedBroker broker) {
        return CommittedRecords.of(broker.bootstrapServers(), DeadLetters.TOPIC).stream()
                .map(record -> DeadLetters.header(record.headers(), DeadLetters.REASON))
                .toList();
    }

    private static List<ConsumerRecord<byte[], byte[]>> lists(EmbeddedBroker broker) {
        return CommittedRecords.of(broker.bootstrapServers(), "candidate-lists");
    }

    private Miner miner(EmbeddedBroker broker, StubRegistry registry) {
        Map<String, String> settings = new HashMap<>(registry.settings(EventEncoding.REGISTRY));
        settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
        return new Miner(
                new SmallRyeConfigBuilder()
                        .withMapping(MinerConfig.class)
                        .withDefaultValues(Map.of(
                                "miner.state-dir", directory.resolve("state").toString()))
                        .build()
                        .getConfigMapping(MinerConfig.class),
                CheckpointStore.in(directory.resolve("store")),
                KafkaSettings.of(settings.keySet(), name -> Optional.ofNullable(settings.get(name))));
    }
}
