package dev.tandem.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.Topics;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the trainer writes to Kafka. Sending never waits for the broker; the producer goes on trying. */
final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final Duration TO_FLUSH = Duration.ofSeconds(10);

    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final TrainerMetrics metrics;

    Outbox(Producer<byte[], byte[]> producer, Topics topics, TrainerMetrics metrics) {
        this.producer = producer;
        this.topics = topics;
        this.metrics = metrics;
    }

    /** Announces a checkpoint. One that does not get through is announced again at the next start. */
    void announce(CheckpointSaved event) {
        byte[] key = event.getId().getBytes(UTF_8);
        byte[] value = topics.checkpoints().write(event);
        send(new ProducerRecord<>(topics.checkpoints().name(), key, value), "checkpoint=" + event.getId());
    }

    /** Refuses a record: it goes to the dead letters, with the reason. */
    void refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
        String where = "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
        LOG.warn("Refused a record from={}: {}", where, reason);
        metrics.refused(record.topic());
        send(DeadLetters.of(record, "trainer", reason), "dead letter of " + where);
    }

    private void send(ProducerRecord<byte[], byte[]> record, String what) {
        var unused = producer.send(record, (metadata, failure) -> { // the callback hears of failures
            if (failure != null) {
                LOG.error("The broker did not take {} topic={}", what, record.topic(), failure);
            }
        });
    }

    @Override
    public void close() {
        producer.close(TO_FLUSH);
    }
}
