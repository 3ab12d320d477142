package dev.tandem.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.EmbeddedBroker;
import dev.tandem.events.Topics;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.trainer.resume.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A trainer's process that is killed and started again, on a real broker, against one that never was; dropout is on. */
class KillPointsIT {
    private static final int JOINT_STEPS = 35; // after 2 and 3 of warm-up: 40 in all
    private static final int KILLED = 137;
    private static final Topics TOPICS = new Topics();
    private static final List<String> WEIGHTS =
            List.of("retriever/model.safetensors", "cross-encoder/model.safetensors", "training/optimizer.safetensors");

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static Path initial;

    @BeforeAll
    static void trainOnce() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("broker"));
        initial = TinyTraining.initial(directory.resolve("initial"));
        try (Producer<byte[], byte[]> producer = new TrainerClients(broker.kafka()).producer()) {
            for (CandidateList list : TinyTraining.lists(40)) {
                producer.send(new ProducerRecord<>(
                                TOPICS.candidateLists().name(),
                                ListRecords.key(list).getBytes(UTF_8),
                                ListRecords.value(list)))
                        .get();
            }
        }
        assertEquals(0, train(KillPoint.NEVER.name(), KillPoint.NEVER));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NEVER")
    void endsAsOneThatWasNeverKilled(KillPoint killPoint) throws Exception {
        assertEquals(KILLED, train(killPoint.name(), killPoint));
        assertEquals(0, train(killPoint.name(), KillPoint.NEVER));

        Checkpoint expected = last(KillPoint.NEVER.name());
        Checkpoint actual = last(killPoint.name());
        for (String file : WEIGHTS) {
            assertArrayEquals(
                    Files.readAllBytes(expected.directory().resolve(file)),
                    Files.readAllBytes(actual.directory().resolve(file)),
                    file);
        }
        TrainingState one = TrainingState.read(expected.directory());
        TrainingState other = TrainingState.read(actual.directory());
        assertEquals(one.pool(), other.pool(), "each list is used as often");
        assertEquals(one.position(), other.position());
        assertEquals(one.lists(), other.lists());
        assertEquals(
                digests(KillPoint.NEVER.name()).keySet(),
                digests(killPoint.name()).keySet());
        digests(killPoint.name())
                .forEach((step, digests) -> assertEquals(
                        1, digests.stream().distinct().count(), "one content for the checkpoint of step " + step));
    }

    private static Checkpoint last(String run) throws IOException {
        return CheckpointStore.in(store(run)).find(run + "-40").orElseThrow();
    }

    private static Path store(String run) {
        return directory.resolve("store-" + run);
    }

    /** Runs a training in a process of its own; returns its exit status. */
    private static int train(String run, KillPoint killPoint) throws IOException, InterruptedException {
        Path log = directory.resolve(run + ".log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledTraining.class.getName(),
                        broker.bootstrapServers(),
                        store(run).toString(),
                        initial.toString(),
                        run,
                        String.valueOf(JOINT_STEPS),
                        killPoint.name())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            assertTrue(process.waitFor(2, TimeUnit.MINUTES), () -> "still running; its log:\n" + read(log));
        } finally {
            process.destroyForcibly();
        }
        return process.exitValue();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "none: " + e;
        }
    }

    /** What was announced of a run: by step, the digests. */
    private static Map<Long, List<String>> digests(String run) {
        Map<Long, List<String>> digests = new TreeMap<>();
        try (Consumer<byte[], byte[]> consumer = new TrainerClients(broker.kafka()).consumer()) {
            TopicPartition partition = new TopicPartition(TOPICS.checkpoints().name(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    CheckpointSaved saved = TOPICS.checkpoints().read(record.value());
                    if (saved.getId().startsWith(run)) {
                        digests.computeIfAbsent(saved.getStep(), step -> new ArrayList<>())
                                .add(saved.getDigest());
                    }
                });
            }
        }
        return digests;
    }
}
