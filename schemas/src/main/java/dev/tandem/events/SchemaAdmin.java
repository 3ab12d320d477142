package dev.tandem.events;

import dev.tandem.events.registry.RegistryException;
import dev.tandem.events.registry.SchemaRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;

/** Registers the schemas of all topics where they are not registered yet; run by every service at start, in any order. */
public final class SchemaAdmin {
    private SchemaAdmin() {}

    /**
     * Registers what is missing, every released version, if events are written so that they need it; leaves what exists as
     * it is. Asks once. Afterwards all these schemas are known, and the registry may go away.
     *
     * @throws RegistryException if the registry does not answer, or refuses
     */
    public static void registerMissing(Topics topics) throws InterruptedException {
        if (topics.settings().encoding() == EventEncoding.REGISTRY) {
            for (Topic<?> topic : topics.all()) {
                topic.registered().orElseThrow().register();
            }
        }
    }

    /**
     * Compares the registry's subjects with what the services would register; there must be a registry.
     *
     * @return by subject what is wrong: that versions are missing, or the rule for new ones; empty if nothing is
     * @throws RegistryException if the registry does not answer
     */
    public static Map<String, String> troubles(Topics topics) throws InterruptedException {
        Map<String, String> troubles = new TreeMap<>();
        for (Topic<?> topic : topics.all()) {
            RegistryCodec<?> codec = topic.registered().orElseThrow();
            trouble(codec).ifPresent(found -> troubles.put(codec.subject(), found));
        }
        return troubles;
    }

    private static Optional<String> trouble(RegistryCodec<?> codec) throws InterruptedException {
        SchemaRegistry registry = codec.schemas().registry();
        int missing = 0;
        for (Schema schema : codec.released()) {
            missing += registry.find(codec.subject(), schema).isPresent() ? 0 : 1;
        }
        if (missing > 0) {
            return Optional.of("%d of %d versions are missing"
                    .formatted(missing, codec.released().size()));
        }
        String rule = registry.compatibility(codec.subject()).orElse("none");
        return rule.equals(SchemaRegistry.COMPATIBILITY)
                ? Optional.empty()
                : Optional.of("expected compatibility %s, got %s".formatted(SchemaRegistry.COMPATIBILITY, rule));
    }
}
