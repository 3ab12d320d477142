package dev.tandem.trainer;

import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.Topic;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Promotions from their topic, the whole of it: which checkpoints must be kept, and who the champion is. */
final class PromotionFeed implements Supplier<Promotions>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PromotionFeed.class);

    private final Consumer<byte[], byte[]> consumer;
    private final Topic<CheckpointPromoted> topic;
    private final Outbox outbox;
    private final Set<String> promoted = new HashSet<>();
    private String champion;
    private Promotions known = Promotions.NONE;

    /** Reads the topic from its beginning. */
    PromotionFeed(Consumer<byte[], byte[]> consumer, Topic<CheckpointPromoted> topic, Outbox outbox) {
        this.consumer = consumer;
        this.topic = topic;
        this.outbox = outbox;
        List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                .map(info -> new TopicPartition(topic.name(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        consumer.endOffsets(partitions).forEach((partition, end) -> {
            while (consumer.position(partition) < end) {
                take(Duration.ofMillis(100));
            }
        });
    }

    /** What is known by now; never waits. */
    @Override
    public Promotions get() {
        take(Duration.ZERO);
        return known;
    }

    private void take(Duration wait) {
        boolean news = false;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
            news |= read(record);
        }
        if (news) {
            known = new Promotions(promoted, champion);
        }
    }

    private boolean read(ConsumerRecord<byte[], byte[]> record) {
        try {
            champion = topic.read(record.value()).getCheckpointId();
            promoted.add(champion);
            LOG.info("Heard of a promotion checkpoint={}", champion);
            return true;
        } catch (SerializationException | NullPointerException e) {
            outbox.refuse(record, String.valueOf(e.getMessage()));
            return false;
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
