package dev.tandem.events;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** What Kafka's own client says when it cannot be made, in our words. */
class BrokerTroubleTest {
    @Test
    void repeatsNoPieceOfAPasswordThatWasNotQuoted() {
        BrokerTrouble trouble = trouble(
                Map.of(
                        "kafka.security.protocol",
                        "SASL_SSL",
                        "kafka.sasl.mechanism",
                        "SCRAM-SHA-512",
                        "kafka.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required username=tandem password=gr3en Door51;"));

        assertFalse(trouble.sentence().contains("gr3en"), trouble::sentence);
        assertFalse(trouble.sentence().contains("Door51"), trouble::sentence);
        assertTrue(trouble.sentence().contains("'…' in JAAS config"), trouble::sentence);
        assertFalse(trouble.canPass());
    }

    @Test
    void namesTheTruststoreThatIsNotThere() {
        BrokerTrouble trouble =
                trouble(Map.of("kafka.security.protocol", "SSL", "kafka.ssl.truststore.location", "/none/broker.pem"));

        assertTrue(trouble.found().contains("NoSuchFileException: /none/broker.pem"), trouble::sentence);
        assertTrue(trouble.advice().contains("kafka.ssl"), trouble::sentence);
        assertFalse(trouble.canPass());
    }

    @Test
    void waitsForAHostNameThatCannotBeResolvedYet() {
        BrokerTrouble trouble = trouble(Map.of("kafka.bootstrap.servers", "kafka.invalid:9092"));

        assertTrue(trouble.canPass(), trouble::sentence);
        assertTrue(trouble.found().startsWith("No Kafka broker answers at kafka.invalid:9092"), trouble::sentence);
    }

    private static BrokerTrouble trouble(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of("kafka.bootstrap.servers", "127.0.0.1:1"));
        all.putAll(settings);
        KafkaSettings kafka = KafkaSettings.of(all.keySet(), name -> Optional.ofNullable(all.get(name)));
        return BrokerTrouble.of(
                kafka,
                assertThrows(
                        KafkaException.class,
                        () -> Admin.create(kafka.with(Map.of())).close()));
    }
}
