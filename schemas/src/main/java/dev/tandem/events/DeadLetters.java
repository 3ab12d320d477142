package dev.tandem.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Records that were refused: the raw bytes as they came, with where they came from and why they were refused. */
public final class DeadLetters {
    public static final String TOPIC = "dead-letters";
    public static final String FROM_TOPIC = "tandem.topic";
    public static final String FROM_PARTITION = "tandem.partition";
    public static final String FROM_OFFSET = "tandem.offset";
    public static final String REASON = "tandem.reason";
    public static final String REFUSED_BY = "tandem.refused-by";

    private DeadLetters() {}

    /**
     * The dead letter of a record.
     *
     * @param refused the record, undecoded
     * @param service who refuses it: miner, trainer or evaluator
     * @param reason what was expected, and what came
     */
    public static ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> refused, String service, String reason) {
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(TOPIC, refused.key(), refused.value());
        letter.headers()
                .add(FROM_TOPIC, refused.topic().getBytes(UTF_8))
                .add(FROM_PARTITION, String.valueOf(refused.partition()).getBytes(UTF_8))
                .add(FROM_OFFSET, String.valueOf(refused.offset()).getBytes(UTF_8))
                .add(REFUSED_BY, service.getBytes(UTF_8))
                .add(REASON, reason.getBytes(UTF_8));
        return letter;
    }

    /** One header of a dead letter as text, or "unknown". */
    public static String header(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? "unknown" : new String(header.value(), UTF_8);
    }

    static NewTopic asNewTopic() {
        return new NewTopic(TOPIC, Optional.of(1), Optional.empty())
                .configs(Map.of(
                        TopicConfig.RETENTION_MS_CONFIG,
                        String.valueOf(Duration.ofDays(30).toMillis()),
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        String.valueOf(2 * Topics.MAX_EVENT_BYTES)));
    }
}
