package dev.tandem.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tandem.events.CandidateListMined;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.EmbeddedBroker;
import dev.tandem.events.EventEncoding;
import dev.tandem.events.EventSettings;
import dev.tandem.events.StubRegistry;
import dev.tandem.events.Topics;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.trainer.resume.Position;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists whose schema stands in a registry that is away when they are read. */
class KafkaListsRegistryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SINGLE_OBJECT_HEADER = 10;

    @TempDir
    private Path directory;

    @Test
    void closesWhileItWaitsAndReadsTheListAtTheNextStart() throws Exception {
        List<CandidateList> lists = TinyTraining.lists(2);
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
                StubRegistry registry = StubRegistry.start()) {
            TrainerClients clients = new TrainerClients(broker.kafka());
            try (Producer<byte[], byte[]> producer = clients.producer();
                    Outbox outbox = new Outbox(
                            clients.producer(),
                            new Topics(),
                            new TrainerMetrics(new SimpleMeterRegistry()),
                            Clock.systemUTC())) {
                int id = registry.add(
                        "candidate-lists-value",
                        CandidateListMined.getClassSchema().toString());
                send(producer, lists.get(0), ListRecords.value(lists.get(0)));
                send(producer, lists.get(1), framed(id, ListRecords.value(lists.get(1))));
                registry.goDown();
                List<String> keys = new ArrayList<>();

                Topics topics = topics(registry);
                Position position;
                try (KafkaLists source = new KafkaLists(clients.consumer(), topics.candidateLists(), outbox)) {
                    source.seek(Position.BEGINNING);
                    CompletableFuture<List<ListSource.Arrival>> poll =
                            CompletableFuture.supplyAsync(() -> source.poll(2, PATIENCE));
                    await().atMost(PATIENCE).until(() -> registry.asked() >= 2);
                    assertFalse(poll.isDone());
                    topics.close();
                    await().atMost(PATIENCE).until(poll::isDone);
                    poll.join().forEach(arrival -> keys.add(arrival.key()));
                    position = source.position();
                }
                assertEquals(List.of(ListRecords.key(lists.get(0))), keys);

                registry.mend();
                try (KafkaLists source =
                        new KafkaLists(clients.consumer(), topics(registry).candidateLists(), outbox)) {
                    source.seek(position);
                    source.poll(1, PATIENCE).forEach(arrival -> keys.add(arrival.key()));
                }
                assertEquals(List.of(ListRecords.key(lists.get(0)), ListRecords.key(lists.get(1))), keys);
                assertEquals(0, letters(clients));
            }
        }
    }

    private static Topics topics(StubRegistry registry) {
        Map<String, String> settings = registry.settings(EventEncoding.SINGLE_OBJECT);
        return new Topics(EventSettings.of(name -> Optional.ofNullable(settings.get(name))));
    }

    private static byte[] framed(int id, byte[] whole) {
        int body = whole.length - SINGLE_OBJECT_HEADER;
        return ByteBuffer.allocate(1 + Integer.BYTES + body)
                .put((byte) 0)
                .putInt(id)
                .put(whole, SINGLE_OBJECT_HEADER, body)
                .array();
    }

    /** All to one partition, for there they come in this order. */
    private static void send(Producer<byte[], byte[]> producer, CandidateList list, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(
                        "candidate-lists", 0, ListRecords.key(list).getBytes(UTF_8), value))
                .get();
    }

    private static long letters(TrainerClients clients) {
        TopicPartition letters = new TopicPartition(DeadLetters.TOPIC, 0);
        try (Consumer<byte[], byte[]> consumer = clients.consumer()) {
            return consumer.endOffsets(List.of(letters)).get(letters);
        }
    }
}
