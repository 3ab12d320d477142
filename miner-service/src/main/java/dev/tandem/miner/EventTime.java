package dev.tandem.miner;

import dev.tandem.events.Topics;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The time of an event is when it happened, not when it arrived; so clicks meet their impressions in a replay as they do
 * live.
 *
 * <p>An event that cannot be read, or that says it happened more than a day after it was sent, must not move the clock of
 * the stream: everybody else's clicks would be late. It gets the time of the partition so far; {@link Intake} refuses it.
 */
final class EventTime implements TimestampExtractor {
    private final Topics topics;

    EventTime(Topics topics) {
        this.topics = topics;
    }

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        long soFar = Math.max(0, partitionTime);
        try {
            long eventTime = read(record).toEpochMilli();
            return eventTime < 0 || eventTime > record.timestamp() + FeedbackRules.CLOCK_ERROR.toMillis()
                    ? soFar
                    : eventTime;
        } catch (SerializationException e) {
            return soFar;
        }
    }

    private Instant read(ConsumerRecord<Object, Object> record) {
        if (!(record.value() instanceof byte[] bytes)) {
            throw new SerializationException("a tombstone has no time");
        }
        return record.topic().equals(topics.clicks().name())
                ? topics.clicks().read(bytes).getClickedAt()
                : topics.queries().read(bytes).getRecordedAt();
    }
}
