package dev.tandem.trainer;

import dev.tandem.events.KafkaSettings;
import dev.tandem.events.TopicAdmin;
import dev.tandem.events.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The Kafka clients of a trainer. */
final class TrainerClients {
    /** The training loop waits for so long at most when it writes something. */
    private static final int TO_FIND_A_BROKER_MILLIS = 1_000;

    private final KafkaSettings kafka;

    TrainerClients(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /** Creates the topics and schemas that are missing; tries until the broker and the registry answer. */
    void awaitTopics(Topics topics) throws InterruptedException {
        TopicAdmin.awaitTopics(kafka, topics, () -> false); // stopping interrupts
    }

    /** A consumer of raw bytes that sees no transaction before it is committed, and a whole list whatever its size. */
    Consumer<byte[], byte[]> consumer() {
        return consumer(Map.of());
    }

    /** The same with other settings in place of, or beside, some. */
    Consumer<byte[], byte[]> consumer(Map<String, Object> others) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 2 * Topics.MAX_EVENT_BYTES);
        settings.putAll(others);
        return new KafkaConsumer<>(kafka.with(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A producer that goes on trying for as long as it lives; where it does not know a topic's broker, it gives up soon. */
    Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                kafka.with(Map.of(
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        2 * Topics.MAX_EVENT_BYTES,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        Integer.MAX_VALUE,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        TO_FIND_A_BROKER_MILLIS)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
