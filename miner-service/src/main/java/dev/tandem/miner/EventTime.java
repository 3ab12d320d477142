package dev.tandem.miner;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.QueryRecorded;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The time of an event is when it happened, not when it arrived; so clicks meet their impressions in a replay as they do
 * live.
 *
 * <p>An event that cannot be read, or that says it happened more than a day after it was sent, must not move the clock of
 * the stream: everybody else's clicks would be late. It gets the time of the partition so far; {@link Intake} refuses it.
 */
final class EventTime implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        long soFar = Math.max(0, partitionTime);
        SpecificRecord event = ((Arrived) record.value()).event();
        if (event instanceof QueryRecorded query) {
            return time(query.getRecordedAt(), record, soFar);
        }
        return event instanceof ClickRecorded click ? time(click.getClickedAt(), record, soFar) : soFar;
    }

    private static long time(Instant said, ConsumerRecord<Object, Object> record, long soFar) {
        long eventTime = said.toEpochMilli();
        return eventTime < 0 || eventTime > record.timestamp() + FeedbackRules.CLOCK_ERROR.toMillis()
                ? soFar
                : eventTime;
    }
}
