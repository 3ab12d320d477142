package dev.tandem.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.events.EventEncoding;
import dev.tandem.events.KafkaSettings;
import dev.tandem.events.StubRegistry;
import dev.tandem.events.Topics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole evaluator with a schema registry, on topics that hold events from before. */
class EvaluationRegistryIT {
    @Test
    void readsWhatStandsThereAndWritesWithTheRegistryEvenWhenThatIsAway(@TempDir Path directory) throws Exception {
        try (RingAround ring = new RingAround(directory);
                StubRegistry registry = StubRegistry.start()) {
            ring.publishCorpus();
            Map<String, String> settings = new HashMap<>(registry.settings(EventEncoding.REGISTRY));
            settings.put("kafka.bootstrap.servers", ring.kafka().servers());
            KafkaSettings kafka = KafkaSettings.of(settings.keySet(), name -> Optional.ofNullable(settings.get(name)));

            try (Evaluator evaluator = ring.start(kafka)) {
                ring.announce(ring.save("first", false, 7), false);
                RingAround.awaitDecisions(evaluator, 1);
                registry.goDown();
                ring.announce(ring.save("twin", false, 7), false);
                RingAround.awaitDecisions(evaluator, 2);
            }

            List<byte[]> evaluations =
                    ring.read("evaluations").map(record -> record.value()).toList();
            evaluations.forEach(event -> assertEquals(0, event[0]));
            registry.mend();
            Topics topics = new Topics(kafka.events());
            assertEquals(
                    List.of("first", "twin"),
                    evaluations.stream()
                            .map(event -> topics.evaluations().read(event).getCheckpointId())
                            .toList());
        }
    }
}
