package dev.tandem.quickstart.drill;

import dev.tandem.events.DeadLetters;
import dev.tandem.events.KafkaSettings;
import dev.tandem.events.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads every topic from its beginning into the {@link Books}, on a thread of its own, past whatever happens to the broker. */
final class BookKeeping implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Books books;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "books");
    private volatile boolean stopping;
    private volatile boolean isAtEnd;
    private volatile boolean isAsked;

    /** Begins to read; the topics exist. */
    BookKeeping(KafkaSettings kafka, Books books) {
        this.books = books;
        this.consumer = new KafkaConsumer<>(
                kafka.with(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        String.valueOf(2 * Topics.MAX_EVENT_BYTES))),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        new Topics().all().forEach(topic -> assign(topic.name()));
        assign(DeadLetters.TOPIC);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        thread.setDaemon(true);
        thread.start();
    }

    private void assign(String topic) {
        for (PartitionInfo info : consumer.partitionsFor(topic)) {
            partitions.add(new TopicPartition(topic, info.partition()));
        }
    }

    private void run() {
        try (consumer) {
            while (!stopping) {
                consumer.poll(POLL).forEach(books::learn);
                if (isAsked) {
                    isAtEnd = lag() == 0;
                    isAsked = !isAtEnd;
                }
            }
        }
    }

    private long lag() {
        return consumer.endOffsets(partitions).entrySet().stream()
                .mapToLong(end -> end.getValue() - consumer.position(end.getKey()))
                .sum();
    }

    /**
     * Waits until all is read that stands on the topics now.
     *
     * @throws IllegalStateException if that takes too long
     */
    void awaitEnd(Duration patience) throws InterruptedException {
        isAtEnd = false;
        isAsked = true;
        Pause.until("the topics to be read to their ends", patience, () -> isAtEnd);
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
