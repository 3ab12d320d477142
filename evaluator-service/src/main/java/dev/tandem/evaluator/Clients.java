package dev.tandem.evaluator;

import dev.tandem.events.KafkaSettings;
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
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka clients as the evaluator needs them. */
final class Clients {
    private final KafkaSettings kafka;

    Clients(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /** Reads from the start, for itself. */
    Consumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(kafka.with(consuming()), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Goes on where the group has committed to be. */
    Consumer<byte[], byte[]> consumer(String group) {
        Map<String, Object> config = consuming();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        return new KafkaConsumer<>(kafka.with(config), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> consuming() {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 2 * Topics.MAX_EVENT_BYTES);
        return config;
    }

    /** For evaluations and promotions, which belong together. */
    Producer<String, byte[]> transactionalProducer(String transactionalId) {
        Map<String, Object> config = producing();
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        return new KafkaProducer<>(kafka.with(config), new StringSerializer(), new ByteArraySerializer());
    }

    Producer<byte[], byte[]> letterProducer() {
        return new KafkaProducer<>(kafka.with(producing()), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> producing() {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 * Topics.MAX_EVENT_BYTES);
        return config;
    }
}
