package dev.tandem.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import dev.tandem.events.EmbeddedBroker;
import dev.tandem.events.Topics;
import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Passage;
import dev.tandem.trainer.batch.Origin;
import dev.tandem.trainer.resume.Position;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lists from a real broker, in an order that can be repeated, however large they are and however seldom they are asked for. */
@Timeout(180)
class KafkaListsIT {
    private static final int LETTERS = 20_000;
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration TO_READ_ALL = Duration.ofSeconds(30);

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private final Topics topics = new Topics();

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(directory.resolve("broker"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** An answer of the broker is far larger than what lies ready between two steps, and must be whole in two seconds. */
    @Test
    void listsThatComeWhileStepsAreMadeAreReadInAnOrderThatCanBeRepeated() throws Exception {
        List<CandidateList> lists =
                TinyTraining.lists(600).stream().map(KafkaListsIT::swollen).toList();
        try (Producer<byte[], byte[]> producer = clients().producer();
                Outbox outbox = new Outbox(clients().producer(), topics, metrics(), Clock.systemUTC())) {
            send(producer, lists.subList(0, 20));
            List<String> keys = new ArrayList<>();
            try (ListSource source = source(outbox)) {
                source.seek(Position.BEGINNING);
                while (keys.size() < 20) {
                    take(source, 20, Duration.ofSeconds(1), keys);
                }
                send(producer, lists.subList(20, lists.size()));
                await().pollInSameThread()
                        .pollInterval(STEP)
                        .atMost(TO_READ_ALL)
                        .until(() -> {
                            take(source, 64, Duration.ZERO, keys); // as between two steps
                            return keys.size() >= lists.size();
                        });
                assertEquals(0, source.lag());
                assertFalse(source.isStalled());
            }
            assertEquals(lists.size(), keys.size());
            assertEquals(keysOf(lists), new HashSet<>(keys));
            assertEquals(read(outbox, lists.size(), 7), read(outbox, lists.size(), 100));
        }
    }

    /** A checkpoint may be saved, and the trainer killed, before the broker has taken a dead letter. */
    @Test
    void aRecordIsRefusedAgainWhoseDeadLetterWasNotTaken() throws Exception {
        MockProducer<byte[], byte[]> letters =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        RecordMetadata poison = sendPoison();
        Origin origin = new Origin(poison.partition(), poison.offset());
        Position position = new Position(Map.of(poison.partition(), poison.offset()), poison.partition());
        try (Outbox outbox = new Outbox(letters, topics, metrics(), Clock.systemUTC())) {
            try (ListSource killed = source(outbox)) {
                killed.seek(position);
                await().pollInSameThread().atMost(TO_READ_ALL).until(() -> {
                    killed.poll(1, Duration.ZERO);
                    return !killed.position().refused().isEmpty();
                });
                position = killed.position();
            }
            assertEquals(Set.of(origin), position.refused());
            assertEquals(poison.offset() + 1, position.offsets().get(poison.partition()));

            try (ListSource next = source(outbox)) {
                next.readAgain(new TreeSet<>(position.refused()), (where, list) -> fail("no list stands at " + where));
                next.seek(position);
                assertEquals(2, letters.history().size());
                assertEquals(Set.of(origin), next.position().refused());
                letters.completeNext(); // the killed trainer's
                letters.completeNext();
                assertEquals(Set.of(), next.position().refused());
            }
        }
    }

    private RecordMetadata sendPoison() throws Exception {
        try (Producer<byte[], byte[]> producer = clients().producer()) {
            return producer.send(new ProducerRecord<>(topics.candidateLists().name(), bytes("key"), bytes("no list")))
                    .get();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** All lists, so many at a time; half way a reader goes on where another one has stopped. */
    private List<String> read(Outbox outbox, int lists, int most) {
        List<String> keys = new ArrayList<>();
        Position position = Position.BEGINNING;
        for (int end : new int[] {lists / 2, lists}) {
            try (ListSource source = source(outbox)) {
                source.seek(position);
                while (keys.size() < end) {
                    take(source, Math.min(most, end - keys.size()), Duration.ofSeconds(1), keys);
                }
                position = source.position();
            }
        }
        return keys;
    }

    private static void take(ListSource source, int most, Duration wait, List<String> keys) {
        source.poll(most, wait).forEach(arrival -> keys.add(arrival.key()));
    }

    private static Set<String> keysOf(List<CandidateList> lists) {
        Set<String> keys = new HashSet<>();
        lists.forEach(list -> keys.add(ListRecords.key(list)));
        return keys;
    }

    private ListSource source(Outbox outbox) {
        Consumer<byte[], byte[]> consumer = clients().consumer(Map.of(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000));
        return new KafkaLists(consumer, topics.candidateLists(), outbox);
    }

    private void send(Producer<byte[], byte[]> producer, List<CandidateList> lists) {
        for (CandidateList list : lists) {
            var unused = producer.send(
                    new ProducerRecord<>( // flush waits for it
                            topics.candidateLists().name(), bytes(ListRecords.key(list)), ListRecords.value(list)));
        }
        producer.flush();
    }

    /** The same list with a text that no compression makes small. */
    private static CandidateList swollen(CandidateList list) {
        Random random = new Random(list.key().value().hashCode());
        List<Candidate> candidates = new ArrayList<>(list.candidates());
        Candidate first = candidates.get(0);
        StringBuilder text = new StringBuilder(LETTERS);
        random.ints(LETTERS, 'a', 'z' + 1).forEach(letter -> text.append((char) letter));
        Passage passage = new Passage(first.passage().id(), first.passage().title(), text.toString());
        candidates.set(0, new Candidate(first.role(), passage, null, null, null));
        return new CandidateList(
                list.key(),
                list.query(),
                list.kind(),
                candidates,
                list.minedBy(),
                list.seed(),
                list.freshestFeedbackAt());
    }

    private static TrainerClients clients() {
        return new TrainerClients(broker.kafka());
    }

    private static TrainerMetrics metrics() {
        return new TrainerMetrics(new SimpleMeterRegistry());
    }
}
