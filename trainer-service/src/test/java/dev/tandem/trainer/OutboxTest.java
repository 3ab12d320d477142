package dev.tandem.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.Topics;
import dev.tandem.events.TrainingStage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final Outbox outbox = new Outbox(producer, new Topics(), new TrainerMetrics(new SimpleMeterRegistry()));

    @Test
    void anAnnouncementThatTheBrokerDidNotTakeGoesOutBeforeTheNext() {
        outbox.announce(saved("c1"));
        producer.completeNext();
        outbox.announce(saved("c2"));
        producer.errorNext(new TimeoutException("no broker"));
        outbox.announce(saved("c3"));
        producer.completeNext();
        producer.completeNext();
        outbox.announce(saved("c4"));

        List<String> sent = producer.history().stream()
                .map(record -> new String(record.key(), UTF_8))
                .toList();
        assertEquals(List.of("c1", "c2", "c2", "c3", "c4"), sent);
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
