package dev.tandem.evaluator;

import static java.util.Objects.requireNonNull;

import dev.tandem.evaluator.webhook.SignedPost;
import dev.tandem.evaluator.webhook.WebhookSettings;
import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.Topic;
import dev.tandem.retrieval.checkpoint.Backoff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells each promotion to one receiver by POST: in order, signed, again and again until it answers 2xx.
 *
 * <p>What was told is committed to Kafka afterwards, so that a promotion may come twice after a crash, with the same
 * webhook-id, and is never left out: what was told is committed again each hour, for the broker forgets old commits of those
 * who assign partitions themselves. It begins with the promotions after its first start.
 */
final class Webhook implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration BETWEEN_COMMITS = Duration.ofHours(1);

    private final Consumer<byte[], byte[]> consumer;
    private final Topic<CheckpointPromoted> promotions;
    private final WebhookSettings settings;
    private final Backoff backoff;
    private final SignedPost post;
    private final Clock clock;
    private final Queue<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    /** Offset of the next promotion to tell; empty before the beginning is known. */
    private final Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();

    private Instant commitAt = Instant.MIN;
    private final CountDownLatch stopping = new CountDownLatch(1);

    /**
     * @param consumer of a group of its own, which it closes at its end
     */
    Webhook(
            Consumer<byte[], byte[]> consumer,
            Topic<CheckpointPromoted> promotions,
            WebhookSettings settings,
            Clock clock) {
        this.consumer = requireNonNull(consumer, "consumer is null");
        this.promotions = requireNonNull(promotions, "promotions is null");
        this.settings = requireNonNull(settings, "settings is null");
        this.post = new SignedPost(settings, clock);
        this.backoff = new Backoff(clock);
        this.clock = clock;
    }

    @Override
    public void run() {
        try (consumer) {
            while (stopping.getCount() > 0) {
                try {
                    turn();
                } catch (TimeoutException e) {
                    LOG.warn("Waiting for the broker, to go on telling promotions reason={}", e.getMessage());
                }
            }
        } catch (WakeupException e) {
            LOG.debug("Stopped telling promotions");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes {@link #run} end soon; from any thread. */
    void stop() {
        stopping.countDown();
        consumer.wakeup();
    }

    private void turn() throws InterruptedException {
        if (next.isEmpty()) {
            begin();
        } else if (!clock.instant().isBefore(commitAt)) {
            commit();
        } else if (waiting.isEmpty()) {
            consumer.poll(POLL).forEach(waiting::add);
        } else if (!backoff.mayTry()) {
            var unused = stopping.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            tell(waiting.element());
        }
    }

    private void begin() {
        List<TopicPartition> partitions = consumer.partitionsFor(promotions.name()).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        Map<TopicPartition, OffsetAndMetadata> told = consumer.committed(Set.copyOf(partitions));
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>(told);
        for (TopicPartition partition : partitions) {
            if (told.get(partition) == null) {
                consumer.seekToEnd(List.of(partition));
                positions.put(partition, new OffsetAndMetadata(consumer.position(partition)));
            } else {
                consumer.seek(partition, told.get(partition));
            }
        }
        next.putAll(positions);
        LOG.info("Telling promotions to url={} from={}", settings.url(), positions.values());
    }

    private void tell(ConsumerRecord<byte[], byte[]> record) {
        Optional<String> failure = read(record).flatMap(body -> post.send(id(record), body));
        if (failure.isPresent()) {
            LOG.warn(
                    "The receiver did not take a promotion, next try in seconds={} id={} reason={}",
                    backoff.failed().toSeconds(),
                    id(record),
                    failure.get());
            return;
        }
        backoff.succeeded();
        waiting.remove();
        next.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        commitAt = Instant.MIN; // at once, and again if the broker does not answer
        commit();
    }

    private void commit() {
        consumer.commitSync(next);
        commitAt = clock.instant().plus(BETWEEN_COMMITS);
    }

    private static String id(ConsumerRecord<byte[], byte[]> record) {
        return "%s-%d-%d".formatted(record.topic(), record.partition(), record.offset());
    }

    /** Empty for what nobody can read; the evaluator's own reading has put it among the dead letters. */
    private Optional<String> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(PromotionLine.of(promotions.read(record.value())));
        } catch (SerializationException e) {
            LOG.warn("Passed over a record that is no promotion id={}", id(record), e);
            return Optional.empty();
        }
    }
}
