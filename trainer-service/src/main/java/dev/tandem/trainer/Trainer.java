package dev.tandem.trainer;

import dev.tandem.events.KafkaSettings;
import dev.tandem.events.Topics;
import dev.tandem.retrieval.checkpoint.Backoff;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link Training} on its own thread, between the topics it reads and those it writes. */
public final class Trainer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);
    /** Longest a round of the loop takes: a step of a large model, or a checkpoint to a slow disk. */
    private static final Duration STUCK_AFTER = Duration.ofMinutes(10);

    private final Topics topics;
    private final TrainerClients clients;
    private final CheckpointStore store;
    private final TrainingRecipe recipe;
    private final TrainingSettings settings;
    private final TrainerMetrics metrics;
    private final Runnable failed;
    private final Clock clock = Clock.systemUTC();
    private final Thread thread = new Thread(this::run, "training");
    private volatile Training training;
    private volatile boolean closing;
    private volatile boolean broken;
    private volatile boolean finished;

    /**
     * A trainer that has not started.
     *
     * @param store that no other trainer writes
     * @param failed told when training has ended by an error that only a person can mend
     */
    public Trainer(
            KafkaSettings kafka,
            CheckpointStore store,
            TrainingRecipe recipe,
            TrainingSettings settings,
            TrainerMetrics metrics,
            Runnable failed) {
        this.topics = new Topics(kafka.events());
        this.clients = new TrainerClients(kafka);
        this.store = store;
        this.recipe = recipe;
        this.settings = settings;
        this.metrics = metrics;
        this.failed = failed;
    }

    /** Starts the thread; waits for nothing. */
    public void start() {
        LOG.info("Recipe {} {}", recipe, settings.compute());
        thread.start();
    }

    private void run() {
        try {
            clients.awaitTopics(topics);
            awaitStore();
            train();
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            broken = true;
            LOG.error("Training has ended: {}", e.getMessage(), e);
            failed.run();
        }
    }

    private void awaitStore() throws InterruptedException {
        Backoff backoff = new Backoff(clock);
        boolean answers = false;
        while (!answers) {
            try {
                store.discardUnfinished();
                answers = true;
            } catch (IOException e) {
                Duration wait = backoff.failed();
                LOG.warn("Waiting for the checkpoint store, next try in {}", wait, e);
                Thread.sleep(wait.toMillis());
            }
        }
    }

    private void train() {
        try (Outbox outbox = new Outbox(clients.producer(), topics, metrics, clock);
                PromotionFeed promotions = new PromotionFeed(clients.consumer(), topics, outbox)) {
            Training next = new Training(
                    new KafkaLists(clients.consumer(), topics.candidateLists(), outbox),
                    new Checkpoints(store, settings.keep(), outbox::announce),
                    promotions,
                    recipe,
                    settings,
                    metrics,
                    clock,
                    update -> {});
            training = next;
            if (!closing && next.run() == Training.End.FINISHED) {
                finished = true;
                LOG.info(
                        "All steps of the joint stage are made, and nothing is learned any more step={}. Set"
                                + " trainer.recipe.joint.steps=0 and start again to go on without an end.",
                        next.status().step());
            }
        }
    }

    /** Where training stands. */
    public TrainingStatus status() {
        Training now = training;
        return now == null ? TrainingStatus.STARTING : now.status();
    }

    /** Whether the loop goes round, learning or waiting, and lists that are there come; or has made all steps it was to make. */
    public boolean isAlive() {
        Training now = training;
        return !broken && (now == null || finished || (!isStuck(now) && !now.isStalled()));
    }

    private boolean isStuck(Training now) {
        return now.lastSignOfLife().plus(STUCK_AFTER).isBefore(Instant.now(clock));
    }

    /** Whether the broker has been reached and training has begun. */
    public boolean isReady() {
        return training != null && isAlive();
    }

    /** Saves a last checkpoint, announces it and ends. */
    @Override
    public void close() {
        closing = true;
        Training now = training;
        if (now == null) {
            thread.interrupt();
        } else {
            now.stop(); // before a list that waits for its schema is let go
        }
        topics.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
