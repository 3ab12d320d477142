package dev.tandem.events;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicAdminIT {
    @Test
    void createsEveryTopicOnceWithItsPolicy(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            List<String> createdAgain = TopicAdmin.createMissing(admin, new Topics());

            assertEquals(List.of(), createdAgain);
            for (Topic<?> topic : new Topics().all()) {
                ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
                var config =
                        admin.describeConfigs(List.of(resource)).all().get().get(resource);
                assertEquals(
                        topic.policy().get(TopicConfig.CLEANUP_POLICY_CONFIG),
                        config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value(),
                        topic.name());
            }
        }
    }

    @Test
    void waitsForTheRegistryThatEventsAreWrittenWith(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory);
                StubRegistry registry = StubRegistry.start()) {
            Topics topics = new Topics(registry.events(EventEncoding.REGISTRY));
            registry.goDown();
            CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return TopicAdmin.awaitTopics(broker.kafka(), topics, () -> false);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().atMost(Duration.ofSeconds(30)).until(() -> registry.asked() >= 2);
            assertFalse(waiting.isDone());

            registry.mend();

            await().atMost(Duration.ofSeconds(30)).until(waiting::isDone);
            assertTrue(waiting.join());
            assertEquals(topics.all().size(), registry.subjects().size());
        }
    }

    @Test
    void tellsWhatIsMissingAndWhatDiffers(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            assertEquals(Map.of(), TopicAdmin.troubles(admin, new Topics()));

            ConfigResource promotions = new ConfigResource(ConfigResource.Type.TOPIC, "promotions");
            AlterConfigOp sooner = new AlterConfigOp(
                    new ConfigEntry(TopicConfig.RETENTION_MS_CONFIG, "1000"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(promotions, List.of(sooner)))
                    .all()
                    .get();
            admin.deleteTopics(List.of("queries")).all().get();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> TopicAdmin.troubles(admin, new Topics()).size() == 2);

            Map<String, String> after = TopicAdmin.troubles(admin, new Topics());
            assertEquals(TopicAdmin.MISSING, after.get("queries"));
            assertTrue(after.get("promotions").contains("expected retention.ms=-1, got 1000"), after::toString);
        }
    }
}
