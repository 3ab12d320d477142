package dev.tandem.trainer;

import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.KafkaSettings;
import dev.tandem.events.Topics;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;

/**
 * A training between its topics, in a process of its own, that ends itself at a {@link KillPoint}.
 *
 * <pre>
 * KilledTraining BOOTSTRAP_SERVERS STORE INITIAL RUN JOINT_STEPS KILL_POINT
 * </pre>
 */
public final class KilledTraining {
    private static final int KILLED = 137;

    private final Path store;
    private final KillPoint killPoint;
    private final Training training;

    private KilledTraining(String[] arguments, Producer<byte[], byte[]> producer, Outbox outbox) {
        TrainerClients clients = new TrainerClients(KafkaSettings.at(arguments[0]));
        store = Path.of(arguments[1]);
        killPoint = KillPoint.valueOf(arguments[5]);
        TrainingSettings tiny = TinyTraining.settings(Path.of(arguments[2]), 4);
        TrainingSettings settings = new TrainingSettings(
                tiny.initial(), arguments[3], 4, Duration.ofHours(1), 100, 10, 3, tiny.compute(), 0);
        training = new Training(
                new KafkaLists(clients.consumer(), new Topics().candidateLists(), outbox),
                new Checkpoints(CheckpointStore.in(store), settings.keep(), event -> announce(event, producer, outbox)),
                () -> Promotions.NONE,
                TinyTraining.recipe(Integer.parseInt(arguments[4])),
                settings,
                new TrainerMetrics(new SimpleMeterRegistry()),
                Clock.systemUTC(),
                this::updated);
    }

    public static void main(String[] arguments) {
        Producer<byte[], byte[]> producer = new TrainerClients(KafkaSettings.at(arguments[0])).producer();
        try (Outbox outbox =
                new Outbox(producer, new Topics(), new TrainerMetrics(new SimpleMeterRegistry()), Clock.systemUTC())) {
            new KilledTraining(arguments, producer, outbox).training.run();
        }
    }

    private void announce(CheckpointSaved event, Producer<byte[], byte[]> producer, Outbox outbox) {
        boolean isFatal = event.getStep() == KillPoint.STEP;
        if (isFatal && killPoint == KillPoint.BEFORE_THE_ANNOUNCEMENT) {
            die();
        }
        outbox.announce(event);
        if (isFatal && killPoint == KillPoint.AFTER_THE_ANNOUNCEMENT) {
            producer.flush();
            die();
        }
    }

    private void updated(Update update) {
        if (killPoint == KillPoint.DURING_A_STEP && update.step() == KillPoint.STEP + 1) {
            background(KilledTraining::die); // at once, wherever the loop is by then
        } else if (killPoint == KillPoint.WRITING_A_CHECKPOINT && update.step() == KillPoint.STEP) {
            background(this::dieWhileWriting);
        }
    }

    private static void background(Runnable work) {
        Thread thread = new Thread(work, "kill-point");
        thread.setDaemon(true);
        thread.start();
    }

    private void dieWhileWriting() {
        while (!isWriting()) {
            Thread.onSpinWait();
        }
        die();
    }

    /** Whether the weights of the checkpoint are being written, and its manifest is not there yet. */
    private boolean isWriting() {
        try (DirectoryStream<Path> unfinished =
                Files.newDirectoryStream(store, ".writing-*-" + KillPoint.STEP + "-*")) {
            for (Path directory : unfinished) {
                return Files.exists(directory.resolve("retriever"));
            }
            return false;
        } catch (java.io.IOException e) {
            return false; // moved into its place meanwhile
        }
    }

    private static void die() {
        Runtime.getRuntime().halt(KILLED);
    }
}
