package dev.tandem.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KafkaSettingsTest {
    private static final Map<String, String> CONFIGURATION = Map.of(
            "kafka.bootstrap.servers", "broker:9093",
            "kafka.sasl.jaas.config", "password=\"secret\"",
            "kafka.isolation.level", "read_uncommitted",
            "miner.store", "checkpoints");

    private final KafkaSettings kafka =
            KafkaSettings.of(CONFIGURATION.keySet(), name -> Optional.ofNullable(CONFIGURATION.get(name)));

    @Test
    void giveEachClientAllThatBeginsWithKafkaButWhatTheClientSetsItself() {
        assertEquals(
                Map.of(
                        "bootstrap.servers", "broker:9093",
                        "sasl.jaas.config", "password=\"secret\"",
                        "isolation.level", "read_committed"),
                kafka.with(Map.of("isolation.level", "read_committed")));
    }

    @Test
    void nameNoPasswordAsText() {
        assertEquals("broker:9093", kafka.toString());
    }

    @Test
    void meanTheBrokerOfThisMachineUnlessTheySayOtherwise() {
        assertEquals(
                "localhost:9092",
                KafkaSettings.of(List.of(), name -> Optional.empty()).servers());
        assertEquals("other:9092", kafka.withServers("other:9092").servers());
    }
}
