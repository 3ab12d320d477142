package dev.tandem.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.registry.RegistryApi;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventSettingsTest {
    @Test
    void meanSingleObjectEncodingAndNoRegistryUnlessTheySayOtherwise() {
        assertEquals(EventSettings.DEFAULT, of(Map.of()));
        assertEquals(EventSettings.DEFAULT, of(Map.of("events.registry.url", " ", "events.encoding", "")));
    }

    @Test
    void areReadBesideThoseOfKafka() {
        Map<String, String> all = Map.of(
                "kafka.bootstrap.servers", "broker:9093",
                "events.encoding", "registry",
                "events.registry.url", "https://registry/apis/registry/v3/",
                "events.registry.api", "apicurio",
                "events.registry.group", "search");

        KafkaSettings kafka = KafkaSettings.of(all.keySet(), name -> Optional.ofNullable(all.get(name)));

        EventSettings events = kafka.withServers("other:9092").events();
        assertEquals(EventEncoding.REGISTRY, events.encoding());
        assertEquals(RegistryApi.APICURIO, events.registry().orElseThrow().api());
        assertEquals("search", events.registry().orElseThrow().group());
        assertEquals(
                "https://registry/apis/registry/v3",
                events.registry().orElseThrow().toString());
        assertEquals(Map.of("bootstrap.servers", "broker:9093"), kafka.with(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "events.encoding, avro, single-object or registry",
        "events.encoding, registry, events.registry.url beside",
        "events.registry.url, registry:8081, http://",
        "events.registry.url, ht tp, http://",
        "events.registry.url, http://user:secret@registry, neither user",
        "events.registry.url, http://user:sec ret@registry, such as http",
    })
    void sayWhatWasExpected(String setting, String value, String expected) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> of(Map.of(setting, value)));

        assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
        assertFalse(refusal.getMessage().contains("ret@"), refusal.getMessage());
    }

    @Test
    void wantAPasswordForEachUser() {
        assertThrows(
                IllegalArgumentException.class,
                () -> of(Map.of("events.registry.url", "http://registry", "events.registry.user", "tandem")));
    }

    private static EventSettings of(Map<String, String> settings) {
        return EventSettings.of(name -> Optional.ofNullable(settings.get(name)));
    }
}
