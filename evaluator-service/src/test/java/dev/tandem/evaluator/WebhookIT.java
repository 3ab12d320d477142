package dev.tandem.evaluator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.evaluator.Receiver.Told;
import dev.tandem.evaluator.webhook.SigningSecret;
import dev.tandem.evaluator.webhook.WebhookSettings;
import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.EmbeddedBroker;
import dev.tandem.events.PromotionsForTests;
import dev.tandem.events.TopicAdmin;
import dev.tandem.events.Topics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promotions from a real broker to a real HTTP server. */
class WebhookIT {
    private static final SigningSecret SECRET = SigningSecret.parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final Topics topics = new Topics();
    private EmbeddedBroker broker;
    private Producer<String, byte[]> producer;

    @BeforeEach
    void startBroker() throws InterruptedException {
        broker = EmbeddedBroker.start(directory.resolve("broker"));
        assertTrue(TopicAdmin.awaitTopics(broker.kafka(), topics, () -> false));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void stopBroker() {
        producer.close();
        broker.close();
    }

    @Test
    void tellsEachPromotionInOrderUntilItIsTakenAndGoesOnAfterARestart() throws Exception {
        promote("before anybody listened");
        try (Receiver receiver = new Receiver(1)) {
            WebhookSettings settings = new WebhookSettings(receiver.url(), SECRET);
            Running first = start(settings);
            promote("first");
            promote("second");
            await().atMost(PATIENCE).until(() -> receiver.told().size() == 3);
            await().atMost(PATIENCE).until(() -> committed() == 3);
            first.stop();
            promote("third");
            Running again = start(settings);
            await().atMost(PATIENCE).until(() -> receiver.told().size() == 4);
            again.stop();

            List<Told> told = receiver.told();
            assertEquals(List.of("first", "first", "second", "third"), checkpoints(told));
            assertEquals(
                    List.of("promotions-0-1", "promotions-0-1", "promotions-0-2", "promotions-0-3"),
                    told.stream().map(Told::id).toList());
            for (Told request : told) {
                assertEquals(SECRET.sign(request.id(), request.seconds(), request.body()), request.signature());
            }
            assertEquals(
                    0.5,
                    new JsonMapper()
                            .readTree(told.get(0).body())
                            .at("/metrics/gate/retriever/mrr@10")
                            .asDouble());
        }
    }

    @Test
    void passesOverWhatIsNoPromotion() throws Exception {
        try (Receiver receiver = new Receiver(0)) {
            Running telling = start(new WebhookSettings(receiver.url(), SECRET));
            producer.send(topics.promotions().tombstone("champion")).get();
            promote("first");
            await().atMost(PATIENCE).until(() -> committed() == 2);
            telling.stop();

            assertEquals(List.of("first"), checkpoints(receiver.told()));
        }
    }

    /** A webhook on a thread of its own. */
    private record Running(Webhook webhook, Thread thread) {
        void stop() throws InterruptedException {
            webhook.stop();
            thread.join(PATIENCE.toMillis());
            assertTrue(!thread.isAlive(), "still telling");
        }
    }

    private Running start(WebhookSettings settings) {
        long before = committed();
        Webhook webhook = new Webhook(consumer(), topics.promotions(), settings, Clock.systemUTC());
        Thread thread = new Thread(webhook, "webhook");
        thread.start();
        await().atMost(PATIENCE).until(() -> committed() >= Math.max(before, 0));
        return new Running(webhook, thread);
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", "webhook",
                        "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Next offset to be told; -1 before the webhook has begun. */
    private long committed() {
        try (KafkaConsumer<byte[], byte[]> asking = consumer()) {
            return asking.committed(Set.of(new TopicPartition("promotions", 0))).values().stream()
                    .mapToLong(position -> position == null ? -1 : position.offset())
                    .findFirst()
                    .orElse(-1);
        }
    }

    private void promote(String checkpoint) throws Exception {
        CheckpointPromoted event = PromotionsForTests.promotion(checkpoint);
        producer.send(new ProducerRecord<>(
                        "promotions", "champion", topics.promotions().write(event)))
                .get();
    }

    private static List<String> checkpoints(List<Told> told) throws JsonProcessingException {
        List<String> checkpoints = new ArrayList<>();
        for (Told request : told) {
            checkpoints.add(
                    new JsonMapper().readTree(request.body()).path("checkpoint").asText());
        }
        return checkpoints;
    }
}
