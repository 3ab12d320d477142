package dev.tandem.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
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
    void tellsWhatIsMissingAndWhatDiffers(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            NewTopic other = new NewTopic("promotions", 1, (short) 1)
                    .configs(Map.of(
                            TopicConfig.RETENTION_MS_CONFIG, "1000", TopicConfig.COMPRESSION_TYPE_CONFIG, "zstd"));
            admin.createTopics(List.of(other)).all().get();

            Map<String, String> before = TopicAdmin.troubles(admin, new Topics());
            TopicAdmin.createMissing(admin, new Topics());
            Map<String, String> after = TopicAdmin.troubles(admin, new Topics());

            assertEquals(new Topics().all().size() + 1, before.size());
            assertEquals(TopicAdmin.MISSING, before.get("queries"));
            assertEquals(Set.of("promotions"), after.keySet());
            assertTrue(after.get("promotions").contains("expected retention.ms=-1, got 1000"), after::toString);
        }
    }
}
