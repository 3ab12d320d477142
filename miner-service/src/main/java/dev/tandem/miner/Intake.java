package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.Topics;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Reads what arrives, and refuses what cannot be read or breaks the {@link FeedbackRules}.
 *
 * <p>Decoding stands here and not in a serde, so that a refusal is written in the same transaction as everything else:
 * a poison record is in the dead letters once, whatever crashes.
 */
final class Intake extends ContextualProcessor<byte[], byte[], String, Verdict> {
    static final String COUNTS = "counts";

    private final Topics topics;
    private final FeedbackCounts counts;
    private FeedbackCounts.Tally tally;

    Intake(Topics topics, FeedbackCounts counts) {
        this.topics = topics;
        this.counts = counts;
    }

    @Override
    public void init(ProcessorContext<String, Verdict> context) {
        super.init(context);
        tally = counts.open(context.taskId(), context.getStateStore(COUNTS));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata from = context().recordMetadata().orElseThrow();
        ConsumerRecord<byte[], byte[]> origin =
                new ConsumerRecord<>(from.topic(), from.partition(), from.offset(), record.key(), record.value());
        Verdict verdict = verdict(origin, record.timestamp());
        if (verdict instanceof Verdict.Refused) {
            tally.add(FeedbackCounts.refused(from.topic()));
        }
        context().forward(record.withKey(key(origin)).withValue(verdict));
    }

    @Override
    public void close() {
        tally.close();
    }

    private Verdict verdict(ConsumerRecord<byte[], byte[]> origin, long eventTime) {
        if (origin.value() == null) {
            return refused(origin, "Expected an event, got a tombstone; this topic has nothing to remove");
        }
        try {
            return origin.topic().equals(topics.clicks().name()) ? click(origin, eventTime) : query(origin, eventTime);
        } catch (SerializationException e) {
            return refused(origin, e.getMessage());
        }
    }

    private Verdict query(ConsumerRecord<byte[], byte[]> origin, long eventTime) {
        QueryRecorded query = topics.queries().read(origin.value());
        return FeedbackRules.refusal(query, key(origin))
                .or(() -> fromTheFuture("recordedAt", query.getRecordedAt(), eventTime))
                .map(reason -> refused(origin, "Query %s: %s".formatted(query.getId(), reason)))
                .orElseGet(() -> new Verdict.Recorded(query));
    }

    private Verdict click(ConsumerRecord<byte[], byte[]> origin, long eventTime) {
        ClickRecorded click = topics.clicks().read(origin.value());
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
