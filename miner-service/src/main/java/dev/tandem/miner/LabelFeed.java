package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.LabelledQuery;
import dev.tandem.events.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Labelled queries of the partitions this instance owns, into its {@link LabelBook}.
 *
 * <p>A partition is read from its beginning, because after a promotion all labels are needed again; the committed offset
 * and its metadata say which of them have been mined.
 */
final class LabelFeed implements AutoCloseable {
    private final Topics topics;
    private final Consumer<byte[], byte[]> consumer;
    private final LabelBook book;
    private final Refusals refusals;
    private final Map<TopicPartition, Long> minedBefore = new HashMap<>();
    private final List<String> noLongerTrained = new ArrayList<>();
    private boolean hasNewPartitions;

    LabelFeed(Topics topics, MinerClients clients, LabelBook book, Refusals refusals) {
        this.topics = topics;
        this.book = book;
        this.refusals = refusals;
        this.consumer = clients.consumer(MinerClients.MINING_GROUP);
        consumer.subscribe(List.of(topics.labelledQueries().name()), new Ownership());
    }

    void poll(Duration timeout) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
            try {
                take(record);
            } catch (SerializationException | IllegalArgumentException e) {
                refusals.add(record, e.getMessage(), isNew(record));
            }
        }
    }

    /** Whether partitions have come since the last call, all of them read as far as they were mined before. */
    boolean takesNewPartitions() {
        boolean isNews = hasNewPartitions && isReplayed();
        hasNewPartitions &= !isNews;
        return isNews;
    }

    /** Whether every label that was mined before is in the book again. */
    boolean isReplayed() {
        Set<TopicPartition> owned = consumer.assignment();
        return !owned.isEmpty()
                && owned.stream().allMatch(partition -> consumer.position(partition) >= minedBefore.get(partition));
    }

    Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        consumer.assignment().forEach(partition -> positions.put(partition, consumer.position(partition)));
        return positions;
    }

    /** Query keys that were trained on and are held out now; they are the caller's. */
    List<String> takeNoLongerTrained() {
        List<String> taken = List.copyOf(noLongerTrained);
        noLongerTrained.clear();
        return taken;
    }

    boolean hasNoLongerTrained() {
        return !noLongerTrained.isEmpty();
    }

    /** What is mined, for the transaction that writes it. */
    Map<TopicPartition, OffsetAndMetadata> offsets() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            OptionalLong unmined = book.firstUnmined(partition.partition());
            long offset = unmined.orElseGet(() -> consumer.position(partition));
            String metadata = book.position(partition.partition()).written();
            offsets.put(partition, new OffsetAndMetadata(offset, metadata));
        }
        return offsets;
    }

    ConsumerGroupMetadata group() {
        return consumer.groupMetadata();
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String key = record.key() == null ? "" : new String(record.key(), UTF_8);
        if (record.value() == null) {
            book.remove(key);
            return;
        }
        LabelledQuery labelled = topics.labelledQueries().read(record.value());
        if (!labelled.getQueryKey().equals(key)) {
            throw new IllegalArgumentException(
                    "Labels of query key %s are keyed by %s, expected the same".formatted(labelled.getQueryKey(), key));
        }
        MinedLists.query(labelled); // throws where the labels cannot be mined
        boolean wasTrained = book.put(labelled, record.partition(), record.offset())
                .map(before -> !before.getHeldOut())
                .orElse(false);
        if (wasTrained && labelled.getHeldOut() && isNew(record)) {
            noLongerTrained.add(key);
        }
    }

    private boolean isNew(ConsumerRecord<byte[], byte[]> record) {
        return record.offset() >= minedBefore.get(new TopicPartition(record.topic(), record.partition()));
    }

    private final class Ownership implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.seekToBeginning(partitions);
            consumer.committed(Set.copyOf(partitions)).forEach((partition, committed) -> {
                long offset = committed == null ? 0 : committed.offset();
                String start = dev.tandem.retrieval.CandidateList.BM25;
                minedBefore.put(partition, offset);
                book.assign(
                        partition.partition(),
                        offset,
                        committed == null
                                ? MiningPosition.start(start)
                                : MiningPosition.read(committed.metadata(), start));
            });
            hasNewPartitions |= !partitions.isEmpty();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                minedBefore.remove(partition);
                book.revoke(partition.partition());
            }
        }
    }
}
