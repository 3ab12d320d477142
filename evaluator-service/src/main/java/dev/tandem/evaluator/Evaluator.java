package dev.tandem.evaluator;

import dev.tandem.evaluator.card.Cards;
import dev.tandem.evaluator.metric.Bootstrap;
import dev.tandem.evaluator.promotion.PromotionRule;
import dev.tandem.evaluator.promotion.RandomizationTest;
import dev.tandem.evaluator.scoring.MeasuredCorpus;
import dev.tandem.evaluator.scoring.WordSearch;
import dev.tandem.evaluator.webhook.WebhookSettings;
import dev.tandem.events.KafkaSettings;
import dev.tandem.events.TopicAdmin;
import dev.tandem.events.Topics;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.Compute;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole service without its HTTP side: everything wired, and the two threads that run it. */
public final class Evaluator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Evaluator.class);
    private static final String WEBHOOK_GROUP = "tandem-webhook";

    private final EvaluatorConfig config;
    private final KafkaSettings kafka;
    private final Topics topics;
    private final Knowledge knowledge;
    private final WordSearch words = new WordSearch();
    private final MeasuredCorpus measured;
    private final Activity activity;
    private final Compute compute;
    private final Models models;
    private final CheckpointStore store;
    private final Access access;
    private final Optional<WebhookSettings> receiver;
    private final EvaluatorMeters meters;
    private final Clock clock;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread loop;
    private volatile Evaluation evaluation;
    private volatile Feed feed;
    private volatile Orders orders;
    private volatile Optional<Webhook> webhook = Optional.empty();
    private volatile String failure;

    /** A service that has not begun, with the store that its configuration names. */
    public Evaluator(
            EvaluatorConfig config, CheckpointStore store, KafkaSettings kafka, MeterRegistry meters, Clock clock) {
        this.config = config;
        this.kafka = kafka;
        this.topics = new Topics(kafka.events());
        this.knowledge = new Knowledge(topics);
        this.meters = new EvaluatorMeters(meters, knowledge);
        this.clock = clock;
        this.activity = new Activity(clock);
        this.compute = Compute.of(config.device(), config.precision());
        this.measured =
                new MeasuredCorpus(knowledge.corpus(), knowledge.heldOut(), words, config.pool(), config.poolDepth());
        this.store = store;
        this.access = new Access(config.token());
        this.receiver = config.asWebhook();
        this.models = new Models(store, compute, clock);
        this.loop = new Thread(() -> guarded(this::run), "evaluation");
    }

    /** Begins; returns at once. */
    public void start() {
        loop.start();
    }

    public Knowledge knowledge() {
        return knowledge;
    }

    public Models models() {
        return models;
    }

    public WordSearch words() {
        return words;
    }

    public Activity activity() {
        return activity;
    }

    public CheckpointStore store() {
        return store;
    }

    /** Who may give {@link #orders}. */
    public Access access() {
        return access;
    }

    /** Takes orders about promotions; empty until everything was read that stood on the topics at the start. */
    public Optional<Orders> orders() {
        return isCaughtUp() ? Optional.ofNullable(orders) : Optional.empty();
    }

    public int rerankDepth() {
        return config.rerankDepth();
    }

    public Clock clock() {
        return clock;
    }

    /** Whether everything was read that stood on the topics at the start. */
    public boolean isCaughtUp() {
        Feed current = feed;
        return current != null && current.isCaughtUp();
    }

    /** Why the service cannot go on, empty while it works: a failed thread, or an evaluation that does not move. */
    public Optional<String> trouble() {
        if (failure != null) {
            return Optional.of(failure);
        }
        Duration silence = activity.silence();
        return silence.compareTo(config.stuckAfter()) > 0
                ? Optional.of("The evaluation of %s has not moved for %d s"
                        .formatted(activity.now().evaluating(), silence.toSeconds()))
                : Optional.empty();
    }

    private void run() throws InterruptedException {
        if (!TopicAdmin.awaitTopics(kafka, topics, () -> stopping.getCount() == 0)) {
            return;
        }
        Clients clients = new Clients(kafka);
        try (Outbox outbox = new Outbox(clients.transactionalProducer(config.transactionalId()), topics)) {
            outbox.open();
            feed = new Feed(clients.consumer(), clients.letterProducer(), knowledge, meters);
            Thread reading = new Thread(() -> guarded(feed::run), "feed");
            reading.start();
            startTelling(clients);
            Decisions decisions = new Decisions(outbox, knowledge.history());
            EmbeddingOffers offers = new EmbeddingOffers(store, models, compute, clock);
            orders = new Orders(decisions, store, offers, clock);
            Cards cards = new Cards(store, knowledge.history(), clock);
            evaluation = new Evaluation(
                    knowledge, feed, models, words, measured, judge(), decisions, cards, offers, activity, meters,
                    clock);
            if (stopping.getCount() == 0) {
                evaluation.stop();
            }
            evaluation.run();
            orders = null;
            webhook.ifPresent(Webhook::stop);
            feed.stop();
            reading.join();
        }
    }

    /** Its thread ends with the loop, and may outlast it by one request. */
    private void startTelling(Clients clients) {
        webhook = receiver.map(
                settings -> new Webhook(clients.consumer(WEBHOOK_GROUP), topics.promotions(), settings, clock));
        webhook.ifPresent(telling -> {
            Thread thread = new Thread(() -> guarded(telling::run), "webhook");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private Judge judge() {
        PromotionRule rule = new PromotionRule(
                config.alpha(),
                config.minimumEffect(),
                config.margin(),
                new RandomizationTest(config.randomizationSamples(), config.seed()),
                new Bootstrap(config.bootstrapResamples(), 0.95, config.seed()));
        return new Judge(rule, config.rerankDepth(), knowledge, models, measured, activity, clock);
    }

    /** Work of a thread of its own. */
    private interface Work {
        void run() throws InterruptedException;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            LOG.debug("Interrupted, stopping");
        } catch (RuntimeException | Error e) { // an Error too must show in the service's health
            failure = "%s failed: %s. Restart the evaluator."
                    .formatted(Thread.currentThread().getName(), e);
            LOG.error("{}", failure, e);
            loop.interrupt();
        }
    }

    @Override
    public void close() {
        stopping.countDown();
        topics.close();
        Evaluation current = evaluation;
        if (current != null) {
            current.stop();
        }
        if (feed != null && !feed.isCaughtUp()) {
            loop.interrupt();
        }
        try {
            loop.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        models.close();
        measured.close();
        words.close();
    }
}
