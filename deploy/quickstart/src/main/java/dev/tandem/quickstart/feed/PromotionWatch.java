package dev.tandem.quickstart.feed;

import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.KafkaSettings;
import dev.tandem.events.Topic;
import dev.tandem.events.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Subscribes to promotions, as any user of Tandem would. */
public final class PromotionWatch implements AutoCloseable {
    private final Topic<CheckpointPromoted> topic;
    private final KafkaConsumer<String, byte[]> consumer;
    private final TopicPartition partition;

    public PromotionWatch(KafkaSettings kafka) {
        topic = new Topics(kafka.events()).promotions();
        partition = new TopicPartition(topic.name(), 0);
        consumer = new KafkaConsumer<>(
                kafka.with(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /** Offset behind the newest promotion there is. */
    public long end() {
        return consumer.endOffsets(List.of(partition)).get(partition);
    }

    /** Offset of the next promotion that {@link #poll} hands on. */
    public long position() {
        return consumer.position(partition);
    }

    /**
     * Hands on the promotions that have come.
     *
     * @param patience how long to wait for one
     * @param unreadable told of a record that is no promotion
     */
    public void poll(Duration patience, Consumer<CheckpointPromoted> promotions, Consumer<String> unreadable) {
        for (ConsumerRecord<String, byte[]> promotion : consumer.poll(patience)) {
            try {
                promotions.accept(topic.read(promotion.value()));
            } catch (SerializationException e) {
                unreadable.accept("promotions offset %d: %s".formatted(promotion.offset(), e.getMessage()));
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
