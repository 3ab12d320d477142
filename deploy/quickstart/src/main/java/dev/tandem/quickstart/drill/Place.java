package dev.tandem.quickstart.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Where a record stands. */
record Place(String topic, int partition, long offset) {
    static Place of(ConsumerRecord<byte[], byte[]> record) {
        return new Place(record.topic(), record.partition(), record.offset());
    }

    static Place of(RecordMetadata taken) {
        return new Place(taken.topic(), taken.partition(), taken.offset());
    }

    static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), UTF_8);
    }

    @Override
    public String toString() {
        return "%s-%d@%d".formatted(topic, partition, offset);
    }
}
