package dev.tandem.quickstart.feed;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.KafkaSettings;
import dev.tandem.events.PassagePublished;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.Topics;
import dev.tandem.retrieval.Passage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends passages, queries and clicks; what was accepted by the broker is counted, a failure is thrown by {@link #flush}. */
public final class EventFeed implements AutoCloseable {
    private final Topics topics;
    private final Producer<String, byte[]> producer;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final BiConsumer<ProducerRecord<String, byte[]>, RecordMetadata> receipts;
    private final Runnable failures;

    public EventFeed(KafkaSettings kafka) {
        this(kafka, (record, place) -> {}, () -> {});
    }

    /**
     * A feed that tells what becomes of every event, by a thread that must not be held up.
     *
     * @param receipts told what the broker has taken, and where it stands
     * @param failures told when the broker has not said that it took an event
     */
    public EventFeed(
            KafkaSettings kafka,
            BiConsumer<ProducerRecord<String, byte[]>, RecordMetadata> receipts,
            Runnable failures) {
        this(new Topics(kafka.events()), producer(kafka), receipts, failures);
    }

    /** With a producer of the caller's, in single-object encoding. */
    public EventFeed(Producer<String, byte[]> producer) {
        this(new Topics(), producer, (record, place) -> {}, () -> {});
    }

    private EventFeed(
            Topics topics,
            Producer<String, byte[]> producer,
            BiConsumer<ProducerRecord<String, byte[]>, RecordMetadata> receipts,
            Runnable failures) {
        this.topics = topics;
        this.producer = producer;
        this.receipts = receipts;
        this.failures = failures;
    }

    private static Producer<String, byte[]> producer(KafkaSettings kafka) {
        return new KafkaProducer<>(
                kafka.with(Map.of(
                        ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd",
                        ProducerConfig.LINGER_MS_CONFIG, "20",
                        ProducerConfig.BATCH_SIZE_CONFIG, "524288",
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, "15000",
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "60000",
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(Topics.MAX_EVENT_BYTES))),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Publishes a passage, or replaces the one of the same id. */
    public void publish(Passage passage) {
        PassagePublished event = PassagePublished.newBuilder()
                .setId(passage.id())
                .setTitle(passage.title())
                .setText(passage.text())
                .build();
        send(topics.passages().record(passage.id(), event));
    }

    public void record(QueryRecorded query) {
        send(topics.queries().record(query.getId(), query));
    }

    public void record(ClickRecorded click) {
        send(topics.clicks().record(click.getQueryId(), click));
    }

    private void send(ProducerRecord<String, byte[]> record) {
        var unused = producer.send(record, (metadata, exception) -> {
            if (exception == null) {
                accepted.incrementAndGet();
                receipts.accept(record, metadata);
            } else {
                failure.compareAndSet(null, exception);
                failures.run();
            }
        });
    }

    /** Events the broker has taken so far. */
    public long accepted() {
        return accepted.get();
    }

    /**
     * Waits until everything sent is with the broker.
     *
     * @throws KafkaException if the broker has refused an event or cannot be reached
     */
    public void flush() {
        producer.flush();
        Exception first = failure.get();
        if (first != null) {
            throw new KafkaException("The broker did not take every event: " + first.getMessage(), first);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(10));
    }
}
