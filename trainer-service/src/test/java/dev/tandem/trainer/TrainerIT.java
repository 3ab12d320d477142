package dev.tandem.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.EmbeddedBroker;
import dev.tandem.events.TestBroker;
import dev.tandem.events.Topics;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.checkpoint.FlakyStore;
import dev.tandem.trainer.recipe.TrainingRecipe;
import dev.tandem.trainer.resume.TrainingState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The trainer between its topics, on a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private TestBroker broker;
    private Path directory;
    private Path initial;
    private final Topics topics = new Topics();

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        directory = temporary;
        broker = broker(directory.resolve("broker"));
        initial = TinyTraining.initial(directory.resolve("initial"));
    }

    /** What it runs on. */
    TestBroker broker(Path log) {
        return EmbeddedBroker.start(log);
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    @Test
    void learnsFromTheTopicSurvivesBeingStoppedAndRefusesWhatItCannotRead() throws Exception {
        Path store = directory.resolve("store");
        List<CandidateList> lists = TinyTraining.lists(20);
        send(lists.subList(0, 12));
        sendRaw(topics.candidateLists().name(), "poison", "no Avro at all");
        sendRaw(topics.candidateLists().name(), lists.get(0).key() + "/denoised", ListRecords.value(lists.get(0)));

        try (Trainer trainer = trainer(store, TinyTraining.recipe(0))) {
            trainer.start();
            await().atMost(PATIENCE).until(() -> trainer.status().step() >= 9);
            assertTrue(trainer.isReady());
            assertEquals(12, trainer.status().pool());
        }
        List<CheckpointSaved> firstRun = checkpoints();
        CheckpointSaved last = firstRun.get(firstRun.size() - 1);
        TrainingState saved = stateOf(store, last);

        assertEquals(
                List.of("tiny-2", "tiny-4", "tiny-5", "tiny-8"), ids(firstRun).subList(0, 4));
        assertEquals(saved.step(), last.getStep(), "a stop saves what was learned");
        assertEquals(List.of("no Avro at all", new String(ListRecords.value(lists.get(0)), UTF_8)), deadLetters());

        promote(firstRun.get(0));
        send(lists.subList(12, 20));
        try (Trainer trainer = trainer(store, TinyTraining.recipe(0))) {
            trainer.start();
            await().atMost(PATIENCE).until(() -> trainer.status().pool() == 20);
            await().atMost(PATIENCE).until(() -> trainer.status().step() >= last.getStep() + 5);
            send(lists.subList(20, 27)); // while it learns, after it has caught up
            await().atMost(PATIENCE).until(() -> trainer.status().pool() == 27);
        }

        List<CheckpointSaved> all = checkpoints();
        assertEquals(last, all.get(firstRun.size()), "the last checkpoint is announced again");
        assertEquals(last.getId(), all.get(firstRun.size() + 1).getParent());
        assertEquals("tiny-2", stateOf(store, all.get(all.size() - 1)).champion());
        for (CheckpointSaved checkpoint : all) {
            CheckpointStore.in(store).open(URI.create(checkpoint.getUri()), checkpoint.getDigest());
        }
    }

    @Test
    void waitsForAStoreThatComesLater() throws Exception {
        AtomicBoolean isThere = new AtomicBoolean();
        FlakyStore store =
                new FlakyStore(CheckpointStore.in(directory.resolve("late-store")), method -> !isThere.get());
        try (Trainer trainer = trainer(store, TinyTraining.recipe(0))) {
            trainer.start();
            await().atMost(PATIENCE).until(() -> store.failures() > 0);
            assertTrue(trainer.isAlive());
            assertFalse(trainer.isReady());

            isThere.set(true);
            await().atMost(PATIENCE).until(trainer::isReady);
        }
    }

    private Trainer trainer(Path store, TrainingRecipe recipe) {
        return trainer(CheckpointStore.in(store), recipe);
    }

    private Trainer trainer(CheckpointStore store, TrainingRecipe recipe) {
        AtomicBoolean failed = new AtomicBoolean();
        return new Trainer(
                broker.kafka(),
                store,
                recipe,
                TinyTraining.settings(initial, 4),
                new TrainerMetrics(new SimpleMeterRegistry()),
                () -> failed.set(true));
    }

    private static TrainingState stateOf(Path store, CheckpointSaved checkpoint) throws IOException {
        return TrainingState.read(
                CheckpointStore.in(store).find(checkpoint.getId()).orElseThrow().directory());
    }

    private static List<String> ids(List<CheckpointSaved> checkpoints) {
        return checkpoints.stream().map(CheckpointSaved::getId).toList();
    }

    private void send(List<CandidateList> lists) throws Exception {
        for (CandidateList list : lists) {
            sendRaw(topics.candidateLists().name(), ListRecords.key(list), ListRecords.value(list));
        }
    }

    private void promote(CheckpointSaved checkpoint) throws Exception {
        CheckpointPromoted promotion = CheckpointPromoted.newBuilder()
                .setCheckpointId(checkpoint.getId())
                .setUri(checkpoint.getUri())
                .setDigest(checkpoint.getDigest())
                .setStep(checkpoint.getStep())
                .setRerankerTrained(false)
                .setMetrics(List.of())
                .setReason("first")
                .setPromotedAt(Instant.EPOCH)
                .build();
        sendRaw(topics.promotions().name(), Topics.CHAMPION, topics.promotions().write(promotion));
    }

    private void sendRaw(String topic, String key, String value) throws Exception {
        sendRaw(topic, key, value.getBytes(UTF_8));
    }

    private void sendRaw(String topic, String key, byte[] value) throws Exception {
        try (Producer<byte[], byte[]> producer = new TrainerClients(broker.kafka()).producer()) {
            producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value))
                    .get();
        }
    }

    private List<CheckpointSaved> checkpoints() {
        return readAll(topics.checkpoints().name()).stream()
                .map(record -> topics.checkpoints().read(record.value()))
                .toList();
    }

    private List<String> deadLetters() {
        return readAll(DeadLetters.TOPIC).stream()
                .map(record -> new String(record.value(), UTF_8))
                .sorted()
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = new TrainerClients(broker.kafka()).consumer()) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
