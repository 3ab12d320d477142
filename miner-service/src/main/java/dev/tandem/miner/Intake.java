package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.QueryRecorded;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Refuses what cannot be read or breaks the {@link FeedbackRules}.
 *
 * <p>Refusals are made here and not by a serde that throws, so that they are written in the same transaction as everything
 * else: a poison record is in the dead letters once, whatever crashes.
 */
final class Intake extends ContextualProcessor<byte[], Arrived, String, Verdict> {
    static final String COUNTS = "counts";

    private final FeedbackCounts counts;
    private FeedbackCounts.Tally tally;

    Intake(FeedbackCounts counts) {
        this.counts = counts;
    }

    @Override
    public void init(ProcessorContext<String, Verdict> context) {
        super.init(context);
        tally = counts.open(context.taskId(), context.getStateStore(COUNTS));
    }

    @Override
    public void process(Record<byte[], Arrived> record) {
        RecordMetadata from = context().recordMetadata().orElseThrow();
        ConsumerRecord<byte[], byte[]> origin = new ConsumerRecord<>(
                from.topic(),
                from.partition(),
                from.offset(),
                record.key(),
                record.value().bytes());
        Verdict verdict = verdict(record.value(), origin, record.timestamp());
        if (verdict instanceof Verdict.Refused) {
            tally.add(FeedbackCounts.refused(from.topic()));
        }
        context().forward(record.withKey(key(origin)).withValue(verdict));
    }

    @Override
    public void close() {
        tally.close();
    }

    private static Verdict verdict(Arrived arrived, ConsumerRecord<byte[], byte[]> origin, long eventTime) {
        if (arrived.event() instanceof QueryRecorded query) {
            return query(query, origin, eventTime);
        }
        return arrived.event() instanceof ClickRecorded click
                ? click(click, origin, eventTime)
                : refused(origin, arrived.trouble());
    }

    private static Verdict query(QueryRecorded query, ConsumerRecord<byte[], byte[]> origin, long eventTime) {
        return FeedbackRules.refusal(query, key(origin))
                .or(() -> fromTheFuture("recordedAt", query.getRecordedAt(), eventTime))
                .map(reason -> refused(origin, "Query %s: %s".formatted(query.getId(), reason)))
                .orElseGet(() -> new Verdict.Recorded(query));
    }

    private static Verdict click(ClickRecorded click, ConsumerRecord<byte[], byte[]> origin, long eventTime) {
        return FeedbackRules.refusal(click, key(origin))
                .or(() -> fromTheFuture("clickedAt", click.getClickedAt(), eventTime))
                .map(reason -> refused(origin, "Click %s: %s".formatted(click.getEventId(), reason)))
                .orElseGet(() -> new Verdict.Clicked(click, origin));
    }

    /** {@link EventTime} gives an event from the future another time. */
    private static Optional<String> fromTheFuture(String field, Instant said, long eventTime) {
        return said.toEpochMilli() == eventTime
                ? Optional.empty()
                : Optional.of("%s is %s, more than a day after the event was sent; check the sender's clock"
                        .formatted(field, said));
    }

    private static Verdict refused(ConsumerRecord<byte[], byte[]> origin, String reason) {
        return new Verdict.Refused(DeadLetters.of(origin, "miner", reason));
    }

    private static String key(ConsumerRecord<byte[], byte[]> origin) {
        return origin.key() == null ? "" : new String(origin.key(), UTF_8);
    }
}
