package dev.tandem.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
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
}
