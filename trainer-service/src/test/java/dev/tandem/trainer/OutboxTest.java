package dev.tandem.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.Topics;
import dev.tandem.events.TrainingStage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final HandSet clock = new HandSet();
    private final Outbox outbox =
            new Outbox(producer, new Topics(), new TrainerMetrics(new SimpleMeterRegistry()), clock);
    private final List<String> taken = new ArrayList<>();

    @Test
    void whatTheBrokerDidNotTakeGoesOutLaterAndBeforeWhatCameMeanwhile() {
        outbox.announce(saved("c1"));
        producer.completeNext();
        outbox.announce(saved("c2"));
        producer.errorNext(new TimeoutException("no broker"));
        outbox.announce(saved("c3"));
        outbox.sendWaiting();
        assertEquals(List.of("c1", "c2"), sent(), "the broker is not asked again at once");

        clock.goOn(Duration.ofSeconds(5));
        outbox.sendWaiting();
        assertEquals(List.of("c1", "c2", "c2", "c3"), sent());
    }

    @Test
    void aDeadLetterIsTakenWhenTheBrokerHasIt() {
        refuse("bad");
        producer.errorNext(new TimeoutException("no broker"));
        clock.goOn(Duration.ofSeconds(5));
        outbox.sendWaiting();
        assertEquals(List.of(), taken);

        producer.completeNext();
        assertEquals(List.of("bad"), taken);
        assertEquals(List.of("bad", "bad"), sent());
    }

    @Test
    void whatIsNeverTakenHoldsNothingElseUp() {
        refuse("huge");
        producer.errorNext(new RecordTooLargeException("too large"));
        outbox.announce(saved("c1"));

        clock.goOn(Duration.ofSeconds(5));
        outbox.sendWaiting();
        assertEquals(List.of("huge", "huge", "c1"), sent());
    }

    @Test
    void whatWaitsIsTriedOnceMoreAtTheEnd() {
        outbox.announce(saved("c1"));
        producer.errorNext(new TimeoutException("no broker"));
        outbox.close();
        assertEquals(List.of("c1", "c1"), sent());
    }

    private void refuse(String key) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(new Topics().candidateLists().name(), 0, 7, key.getBytes(UTF_8), new byte[0]);
        outbox.refuse(record, "no list", () -> taken.add(key));
    }

    private List<String> sent() {
        return producer.history().stream()
                .map(record -> new String(record.key(), UTF_8))
                .toList();
    }

    private static CheckpointSaved saved(String id) {
        return CheckpointSaved.newBuilder()
                .setId(id)
                .setStep(1)
                .setStage(TrainingStage.JOINT)
                .setRerankerTrained(true)
                .setUri("file:///checkpoints/" + id)
                .setDigest("0".repeat(64))
                .setLosses(Map.of())
                .setLists(1)
                .setSavedAt(Instant.EPOCH)
                .build();
    }

    /** Goes on only when it is told to. */
    private static final class HandSet extends Clock {
        private Instant now = Instant.EPOCH;

        private void goOn(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
