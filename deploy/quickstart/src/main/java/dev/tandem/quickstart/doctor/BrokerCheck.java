package dev.tandem.quickstart.doctor;

import dev.tandem.events.BrokerTrouble;
import dev.tandem.events.KafkaSettings;
import dev.tandem.events.Topic;
import dev.tandem.events.TopicAdmin;
import dev.tandem.events.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A Kafka broker: does it answer, are the topics as the services make them, can their newest records be read. */
public final class BrokerCheck {
    private static final String MILLIS = "5000";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** A transaction ends with records that no consumer sees. */
    private static final int RECORDS_BACK = 5;

    private final KafkaSettings kafka;
    private final Topics topics;

    public BrokerCheck(KafkaSettings kafka) {
        this.kafka = kafka;
        this.topics = new Topics(kafka.events());
        topics.close(); // a check waits for no registry
    }

    /** Looks at everything; creates nothing. */
    public List<Finding> findings() {
        Optional<BrokerTrouble> known = BrokerTrouble.beforehand(kafka);
        if (known.isPresent()) {
            return List.of(problem(known.get()));
        }
        Map<String, Object> impatient = kafka.with(Map.of(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, MILLIS,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, MILLIS));
        try (Admin admin = Admin.create(impatient)) {
            int brokers = admin.describeCluster().nodes().get().size();
            List<Finding> findings = new ArrayList<>();
            findings.add(Finding.fine("broker", "%s answers, %d in the cluster".formatted(kafka.servers(), brokers)));
            Map<String, String> troubles = TopicAdmin.troubles(admin, topics);
            findings.add(topicsOf(troubles));
            findings.add(records(troubles));
            return findings;
        } catch (ExecutionException | KafkaException e) {
            return List.of(problem(BrokerTrouble.of(kafka, e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of(Finding.problem("broker", "interrupted", "Ask again"));
        }
    }

    private static Finding problem(BrokerTrouble trouble) {
        return Finding.problem("broker", trouble.found(), trouble.advice());
    }

    private Finding topicsOf(Map<String, String> troubles) {
        if (troubles.isEmpty()) {
            return Finding.fine("topics", "all there, with their policies");
        }
        String found = troubles.entrySet().stream()
                .map(trouble -> trouble.getKey() + ": " + trouble.getValue())
                .sorted()
                .reduce((one, other) -> one + "; " + other)
                .orElseThrow();
        return Finding.warning(
                "topics",
                found,
                "Services create what is missing when they start; what differs, kafka-configs.sh changes");
    }

    private Finding records(Map<String, String> troubles) {
        List<String> unreadable = new ArrayList<>();
        int read = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                kafka.with(Map.of(
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        MILLIS,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            for (Topic<?> topic : topics.all()) {
                if (troubles.getOrDefault(topic.name(), "").equals(TopicAdmin.MISSING)) {
                    continue;
                }
                Optional<ConsumerRecord<byte[], byte[]>> newest = newest(consumer, topic);
                read += newest.isPresent() ? 1 : 0;
                newest.flatMap(record -> refusal(topic, record)).ifPresent(unreadable::add);
            }
        }
        return unreadable.isEmpty()
                ? Finding.fine("schemas", "the newest records of %d topics can be read".formatted(read))
                : Finding.problem(
                        "schemas",
                        String.join("; ", unreadable),
                        "A producer writes another schema, or a newer one than this version knows: see schemas/README.md");
    }

    private static Optional<String> refusal(Topic<?> topic, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty(); // a tombstone
        }
        try {
            topic.read(record.value());
            return Optional.empty();
        } catch (SerializationException e) {
            return Optional.of(
                    "%s-%d@%d: %s".formatted(record.topic(), record.partition(), record.offset(), e.getMessage()));
        } catch (WakeupException e) {
            return Optional.of("%s-%d@%d: the registry does not tell its schema"
                    .formatted(record.topic(), record.partition(), record.offset()));
        }
    }

    private static Optional<ConsumerRecord<byte[], byte[]>> newest(
            KafkaConsumer<byte[], byte[]> consumer, Topic<?> topic) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        if (consumer.beginningOffsets(partitions).equals(ends)) {
            return Optional.empty();
        }
        ends.forEach((partition, end) -> consumer.seek(partition, Math.max(0, end - RECORDS_BACK)));
        Optional<ConsumerRecord<byte[], byte[]>> newest = Optional.empty();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
            if (newest.isEmpty() || record.timestamp() >= newest.get().timestamp()) {
                newest = Optional.of(record);
            }
        }
        return newest;
    }
}
