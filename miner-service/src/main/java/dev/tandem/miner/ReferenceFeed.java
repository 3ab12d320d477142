package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.PassagePublished;
import dev.tandem.events.Topics;
import dev.tandem.miner.serving.PromotedRetriever;
import dev.tandem.miner.serving.Promotion;
import dev.tandem.retrieval.Passage;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Passages and promotions, which every instance reads whole, from the beginning, into its {@link PromotedRetriever}.
 *
 * <p>Offsets are committed only to know which refused records have their dead letter already.
 */
final class ReferenceFeed implements AutoCloseable {
    private final Topics topics;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final PromotedRetriever retriever;
    private final Consumer<String> arrivals;
    private final Refusals refusals;
    private final Map<TopicPartition, Long> readBefore = new HashMap<>();
    private final List<Promotion> newestFirst = new ArrayList<>();
    private String champion;
    private boolean isCaughtUp;

    /**
     * A feed that has asked nobody yet.
     *
     * @param retriever takes the passages and the promotions
     * @param arrivals is told the id of each passage that comes
     */
    ReferenceFeed(
            Topics topics,
            MinerClients clients,
            PromotedRetriever retriever,
            Consumer<String> arrivals,
            Refusals refusals) {
        this.topics = topics;
        this.retriever = retriever;
        this.arrivals = arrivals;
        this.refusals = refusals;
        this.consumer = clients.consumer(MinerClients.REFERENCE_GROUP);
    }

    /** Begins to read. */
    void start() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic :
                List.of(topics.passages().name(), topics.promotions().name())) {
            for (PartitionInfo info : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, info.partition()));
            }
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        consumer.committed(Set.copyOf(partitions))
                .forEach((partition, offset) -> readBefore.put(partition, offset == null ? 0 : offset.offset()));
    }

    /** Takes what has come; returns whether anything had. Promotions wait until everything was read once. */
    boolean poll(Duration timeout) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(timeout);
        Map<String, Optional<Passage>> changes = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                if (record.topic().equals(topics.passages().name())) {
                    passage(record, changes);
                } else {
                    promotion(record);
                }
            } catch (SerializationException | IllegalArgumentException e) {
                boolean isNew =
                        record.offset() >= readBefore.get(new TopicPartition(record.topic(), record.partition()));
                refusals.add(record, e.getMessage(), isNew);
            }
        }
        apply(changes);
        isCaughtUp |= hasNoLag();
        if (isCaughtUp && !newestFirst.isEmpty()) {
            retriever.promote(newestFirst);
            newestFirst.clear();
        }
        return !records.isEmpty();
    }

    /** Whether everything that was there at the start has been read. */
    boolean isCaughtUp() {
        return isCaughtUp;
    }

    Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        consumer.assignment().forEach(partition -> positions.put(partition, consumer.position(partition)));
        return positions;
    }

    private boolean hasNoLag() {
        return consumer.assignment().stream()
                .allMatch(partition -> consumer.currentLag(partition).orElse(1) == 0);
    }

    /** Offsets up to which refused records have their dead letters once the next transaction is through. */
    Map<TopicPartition, OffsetAndMetadata> offsets() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        consumer.assignment()
                .forEach(partition -> offsets.put(partition, new OffsetAndMetadata(consumer.position(partition))));
        return offsets;
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void passage(ConsumerRecord<byte[], byte[]> record, Map<String, Optional<Passage>> changes) {
        String key = record.key() == null ? "" : new String(record.key(), UTF_8);
        if (record.value() == null) {
            changes.put(key, Optional.empty());
            return;
        }
        PassagePublished event = topics.passages().read(record.value());
        FeedbackRules.refusal(event, key).ifPresent(reason -> {
            throw new IllegalArgumentException("Passage %s: %s".formatted(event.getId(), reason));
        });
        changes.put(key, Optional.of(new Passage(event.getId(), event.getTitle(), event.getText())));
    }

    private void promotion(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            throw new IllegalArgumentException("Expected a promotion, got a tombstone; a rollback is a promotion too");
        }
        CheckpointPromoted event = topics.promotions().read(record.value());
        Promotion promotion = new Promotion(
                event.getCheckpointId(),
                URI.create(event.getUri()),
                event.getDigest(),
                event.getRerankerTrained(),
                Optional.ofNullable(event.getEmbeddingsUri()));
        if (!promotion.checkpointId().equals(champion)) { // else only promotions were frozen or unfrozen
            newestFirst.add(0, promotion);
            champion = promotion.checkpointId();
        }
    }

    private void apply(Map<String, Optional<Passage>> changes) {
        List<Passage> present = new ArrayList<>();
        Set<String> arrived = new HashSet<>();
        changes.forEach((passageId, passage) -> passage.ifPresentOrElse(
                here -> {
                    present.add(here);
                    arrived.add(passageId);
                },
                () -> retriever.remove(passageId)));
        if (!present.isEmpty()) {
            retriever.put(present);
            arrived.forEach(arrivals);
        }
    }
}
