package dev.tandem.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the trainer writes to Kafka, in order, from the training's thread. Sending never waits long for the broker: what it does
 * not take is sent again later, and what comes meanwhile waits behind it.
 */
final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final Duration TO_NEXT_TRY = Duration.ofSeconds(5);
    private static final Duration TO_FLUSH = Duration.ofSeconds(10);

    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final TrainerMetrics metrics;
    private final Clock clock;
    /** Failures come on the producer's thread too. */
    private final Deque<Letter> waiting = new ConcurrentLinkedDeque<>();

    private volatile Instant notBefore = Instant.MIN;
    private volatile boolean isAway;

    /** A record to send, what it is, and who is told when the broker has it. */
    private record Letter(ProducerRecord<byte[], byte[]> record, String what, Runnable taken) {}

    Outbox(Producer<byte[], byte[]> producer, Topics topics, TrainerMetrics metrics, Clock clock) {
        this.producer = producer;
        this.topics = topics;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Announces a checkpoint. The newest is announced at each start as well. */
    void announce(CheckpointSaved event) {
        byte[] key = event.getId().getBytes(UTF_8);
        byte[] value = topics.checkpoints().write(event);
        send(new Letter(
                new ProducerRecord<>(topics.checkpoints().name(), key, value),
                "announcement of " + event.getId(),
                () -> {}));
    }

    /**
     * Refuses a record: it goes to the dead letters, with the reason.
     *
     * @param taken told when the broker has it, on any thread
     */
    void refuse(ConsumerRecord<byte[], byte[]> record, String reason, Runnable taken) {
        String where = "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
        LOG.warn("Refused a record from={}: {}", where, reason);
        metrics.refused(record.topic());
        send(new Letter(DeadLetters.of(record, "trainer", reason), "dead letter of " + where, taken));
    }

    private void send(Letter letter) {
        waiting.add(letter);
        sendWaiting();
    }

    /** Sends again what the broker did not take, if that is long enough ago. */
    void sendWaiting() {
        if (!clock.instant().isBefore(notBefore)) {
            isAway = false;
            for (int left = waiting.size(); left > 0 && !isAway; left--) {
                hand(waiting.poll());
            }
        }
    }

    private void hand(Letter letter) {
        var unused = producer.send(letter.record(), (metadata, failure) -> { // the callback hears of failures
            if (failure == null) {
                letter.taken().run();
            } else if (failure instanceof RecordTooLargeException) {
                LOG.error("Gave up the {}: {}", letter.what(), failure.getMessage());
                letter.taken().run();
            } else {
                notBefore = clock.instant().plus(TO_NEXT_TRY);
                isAway = failure instanceof RetriableException;
                if (isAway) {
                    waiting.addFirst(letter);
                } else { // it may never be taken, and holds nothing else up
                    waiting.addLast(letter);
                }
                LOG.warn(
                        "The broker did not take the {} topic={} reason={}, next try in {}",
                        letter.what(),
                        letter.record().topic(),
                        failure.toString(),
                        TO_NEXT_TRY);
            }
        });
    }

    /** Tries once more, for some seconds. */
    @Override
    public void close() {
        notBefore = Instant.MIN;
        sendWaiting();
        producer.close(TO_FLUSH);
    }
}
