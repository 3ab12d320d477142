package dev.tandem.trainer;

import dev.tandem.events.CheckpointEvaluated;
import dev.tandem.events.Decision;
import dev.tandem.events.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Promotions and evaluations from their topics, the whole of them: which checkpoints must be kept, and who the champion is. */
final class PromotionFeed implements Supplier<Promotions>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PromotionFeed.class);

    private final Consumer<byte[], byte[]> consumer;
    private final Topics topics;
    private final Outbox outbox;
    private final Set<String> promoted = new HashSet<>();
    private final Set<String> decided = new HashSet<>();
    private String champion;
    private Promotions known = Promotions.NONE;

    /** Reads both topics from their beginning. */
    PromotionFeed(Consumer<byte[], byte[]> consumer, Topics topics, Outbox outbox) {
        this.consumer = consumer;
        this.topics = topics;
        this.outbox = outbox;
        List<TopicPartition> partitions = Stream.of(
                        topics.promotions().name(), topics.evaluations().name())
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
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
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
                news |= read(record);
            }
        } catch (WakeupException e) { // the trainer is closing, and these are read again at the next start
            LOG.debug("Stopped waiting for the registry", e);
        }
        if (news) {
            known = new Promotions(promoted, champion, decided);
        }
    }

    private boolean read(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.topic().equals(topics.evaluations().name())) {
                readEvaluation(topics.evaluations().read(record.value()));
            } else {
                champion = topics.promotions().read(record.value()).getCheckpointId();
                promoted.add(champion);
                LOG.info("Heard of a promotion checkpoint={}", champion);
            }
            return true;
        } catch (SerializationException e) {
            outbox.refuse(record, String.valueOf(e.getMessage()), () -> {}); // read, and refused, at each start
            return false;
        }
    }

    /** The promotion itself may come later than the evaluation that it follows from. */
    private void readEvaluation(CheckpointEvaluated evaluation) {
        decided.add(evaluation.getCheckpointId());
        if (evaluation.getDecision() == Decision.PROMOTED) {
            promoted.add(evaluation.getCheckpointId());
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
