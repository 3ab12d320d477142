package dev.tandem.miner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * How far behind the end of its topics a reader is, as the broker has it.
 *
 * <p>The end is the high watermark: records of a transaction that is not over yet count, or whoever asks just before its
 * end would be told that there is nothing to do.
 */
final class Lag {
    private final Admin admin;

    Lag(Admin admin) {
        this.admin = admin;
    }

    /**
     * Records of some topics that a group has not processed yet.
     *
     * @throws KafkaException if the broker does not answer
     */
    long ofGroup(String group, List<String> topics) {
        Map<TopicPartition, OffsetAndMetadata> done =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        List<TopicPartition> partitions = new ArrayList<>();
        get(admin.describeTopics(topics).allTopicNames())
                .forEach((topic, description) -> description
                        .partitions()
                        .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition()))));
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = done.get(partition);
            positions.put(partition, offset == null ? 0 : offset.offset());
        }
        return ofPositions(positions);
    }

    /**
     * Records from some positions to the ends of their partitions.
     *
     * @throws KafkaException if the broker does not answer
     */
    long ofPositions(Map<TopicPartition, Long> positions) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        positions.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        return get(admin.listOffsets(latest).all()).entrySet().stream()
                .mapToLong(end -> end.getValue().offset() - positions.get(end.getKey()))
                .sum();
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while asking for the lag", e);
        } catch (ExecutionException e) {
            throw new KafkaException("Cannot ask for the lag: " + e.getCause().getMessage(), e.getCause());
        }
    }
}
