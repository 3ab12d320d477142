package dev.tandem.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.Topics;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the trainer writes to Kafka. Sending never waits long for the broker. The producer goes on trying, but for a record that
 * it does not know where to send: an announcement that failed so goes out before the next one.
 */
final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final Duration TO_FLUSH = Duration.ofSeconds(10);

    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final TrainerMetrics metrics;
    /** In the order in which they were saved; callbacks come on the producer's thread. */
    private final Map<String, CheckpointSaved> unannounced = Collections.synchronizedMap(new LinkedHashMap<>());

    Outbox(Producer<byte[], byte[]> producer, Topics topics, TrainerMetrics metrics) {
        this.producer = producer;
        this.topics = topics;
        this.metrics = metrics;
    }

    /** Announces a checkpoint, after those before it that did not get through. The newest is announced at each start. */
    void announce(CheckpointSaved event) {
        List<CheckpointSaved> failed = takeUnannounced();
        failed.forEach(this::send);
        send(event);
    }

    private List<CheckpointSaved> takeUnannounced() {
        synchronized (unannounced) {
            List<CheckpointSaved> taken = List.copyOf(unannounced.values());
            unannounced.clear();
            return taken;
        }
    }

    private void send(CheckpointSaved event) {
        byte[] key = event.getId().getBytes(UTF_8);
        byte[] value = topics.checkpoints().write(event);
        send(
                new ProducerRecord<>(topics.checkpoints().name(), key, value),
                "checkpoint=" + event.getId(),
                () -> {},
                () -> unannounced.put(event.getId(), event));
    }

    /**
     * Refuses a record: it goes to the dead letters, with the reason.
     *
     * @param taken told when the broker has it, on the producer's thread
     */
    void refuse(ConsumerRecord<byte[], byte[]> record, String reason, Runnable taken) {
        String where = "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
        LOG.warn("Refused a record from={}: {}", where, reason);
        metrics.refused(record.topic());
        send(DeadLetters.of(record, "trainer", reason), "dead letter of " + where, taken, () -> {});
    }

    private void send(ProducerRecord<byte[], byte[]> record, String what, Runnable taken, Runnable failed) {
        var unused = producer.send(record, (metadata, failure) -> { // the callback hears of failures
            if (failure == null) {
                taken.run();
            } else {
                LOG.error("The broker did not take {} topic={}", what, record.topic(), failure);
                failed.run();
            }
        });
    }

    @Override
    public void close() {
        producer.close(TO_FLUSH);
    }
}
