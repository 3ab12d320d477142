package dev.tandem.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class KubernetesTopicsTest {
    private static final Path FILE = Path.of("..", "deploy", "kubernetes", "base", "topics.yaml");

    /** A topic in words, so that a difference is shown as such. */
    private record Described(int partitions, Map<String, String> policy) {}

    @Test
    void areThoseThatTheServicesWouldCreate() throws IOException {
        Map<String, Described> wanted = new TreeMap<>();
        new Topics().all().forEach(topic -> put(wanted, topic.asNewTopic()));
        put(wanted, DeadLetters.asNewTopic());

        Map<String, Described> written = new TreeMap<>();
        try (Reader in = Files.newBufferedReader(FILE)) {
            new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(in).forEach(topic -> put(written, topic));
        }

        assertEquals(wanted, written, FILE + " differs from Topics");
    }

    private static void put(Map<String, Described> topics, NewTopic topic) {
        topics.put(topic.name(), new Described(topic.numPartitions(), new TreeMap<>(topic.configs())));
    }

    private static void put(Map<String, Described> topics, Object resource) {
        Map<?, ?> spec = map(map(resource).get("spec"));
        Map<String, String> policy = new TreeMap<>();
        map(spec.get("config")).forEach((name, value) -> policy.put(name.toString(), value.toString()));
        String name = map(map(resource).get("metadata")).get("name").toString();
        topics.put(name, new Described((Integer) spec.get("partitions"), policy));
    }

    private static Map<?, ?> map(Object node) {
        return (Map<?, ?>) node;
    }
}
