package dev.tandem.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.Topics;
import dev.tandem.events.TrainingStage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private String forbidden = "";
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                @Override
                public synchronized Future<RecordMetadata> send(
                        ProducerRecord<byte[], byte[]> record, Callback callback) {
                    if (!record.topic().equals(forbidden)) {
                        return super.send(record, callback);
                    }
                    Exception failure = new TopicAuthorizationException(Set.of(forbidden));
                    callback.onCompletion(null, failure); // as the real one does, before it returns
                    return CompletableFuture.failedFuture(failure);
                }
            };
    private Instant now = Instant.EPOCH;
    private final InstantSource clock = () -> now;
    private final Outbox outbox = new Outbox(
            producer, new Topics(), new TrainerMetrics(new SimpleMeterRegistry()), clock.withZone(ZoneOffset.UTC));
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

        now = now.plusSeconds(5);
        outbox.sendWaiting();
        assertEquals(List.of("c1", "c2", "c2", "c3"), sent());
    }

    @Test
    void aDeadLetterIsTakenWhenTheBrokerHasIt() {
        refuse("bad");
        producer.errorNext(new TimeoutException("no broker"));
        now = now.plusSeconds(5);
        outbox.sendWaiting();
        assertEquals(List.of(), taken);

        producer.completeNext();
        assertEquals(List.of("bad"), taken);
        assertEquals(List.of("bad", "bad"), sent());
    }

    @Test
    void whatIsNotAllowedHoldsNothingElseUp() {
        forbidden = DeadLetters.TOPIC;
        refuse("bad");
        refuse("worse");
        outbox.announce(saved("c1"));
        assertEquals(List.of(), sent(), "all wait for the next try");

        now = now.plusSeconds(5);
        outbox.sendWaiting();
        assertEquals(List.of("c1"), sent());

        forbidden = "";
        now = now.plusSeconds(5);
        outbox.sendWaiting();
        assertEquals(Set.of("c1", "bad", "worse"), Set.copyOf(sent()));
    }

    @Test
    void aDeadLetterThatIsTooLargeIsGivenUp() {
        refuse("huge");
        producer.errorNext(new RecordTooLargeException("too large"));
        now = now.plusSeconds(5);
        outbox.sendWaiting();
        assertEquals(List.of("huge"), sent());
        assertEquals(List.of("huge"), taken);
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
}
