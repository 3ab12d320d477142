package dev.tandem.miner;

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

/**
 * Kafka clients of the mining loop, and of feedback that comes over HTTP.
 *
 * @param kafka how the broker is reached
 * @param instance name of this instance, the same after a restart and no other's at the same time
 */
record MinerClients(KafkaSettings kafka, String instance) {
    static final String MINING_GROUP = "miner-mining";
    static final String REFERENCE_GROUP = "miner-reference";

    /** Reads only what was committed; the caller commits. */
    Consumer<byte[], byte[]> consumer(String group) {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, group + "-" + instance);
        if (group.equals(
                MINING_GROUP)) { // a killed instance takes its partitions back without waiting for its own session
            config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "mining-" + instance);
        }
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 2 * Topics.MAX_EVENT_BYTES);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
        return new KafkaConsumer<>(kafka.with(config), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Writes what comes over HTTP: on all replicas before it is answered, and given up while the sender still waits. */
    Producer<String, byte[]> feedbackProducer() {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.CLIENT_ID_CONFIG, "miner-feedback-" + instance);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_EVENT_BYTES);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
        return new KafkaProducer<>(kafka.with(config), new StringSerializer(), new ByteArraySerializer());
    }

    /** Writes in transactions; a killed predecessor of this instance is fenced off, so that nobody waits for it. */
    Producer<byte[], byte[]> producer() {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, MINING_GROUP + "-" + instance);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 * Topics.MAX_EVENT_BYTES);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 512 * 1024);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        return new KafkaProducer<>(kafka.with(config), new ByteArraySerializer(), new ByteArraySerializer());
    }
}
