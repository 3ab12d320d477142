package dev.tandem.quickstart.doctor;

import dev.tandem.events.EventEncoding;
import dev.tandem.events.EventSettings;
import dev.tandem.events.SchemaAdmin;
import dev.tandem.events.Topics;
import dev.tandem.events.registry.RegistryException;
import java.util.Map;

/** A schema registry: does it answer, and are the schemas there as the services register them. */
public final class RegistryCheck {
    private final EventSettings events;

    /**
     * @param events that name a registry
     */
    public RegistryCheck(EventSettings events) {
        this.events = events;
    }

    /** Looks at every subject; registers nothing. */
    public Finding finding() {
        String registry = events.registry().orElseThrow().toString();
        try {
            Map<String, String> troubles = SchemaAdmin.troubles(new Topics(events));
            if (events.encoding() == EventEncoding.SINGLE_OBJECT) {
                return Finding.fine("registry", registry + " answers; events are written without it");
            }
            if (troubles.isEmpty()) {
                return Finding.fine("registry", registry + " answers and has all schemas");
            }
            String found = troubles.entrySet().stream()
                    .map(trouble -> trouble.getKey() + ": " + trouble.getValue())
                    .reduce((one, other) -> one + "; " + other)
                    .orElseThrow();
            return Finding.warning(
                    "registry",
                    "%s answers; %s".formatted(registry, found),
                    "Services register what is missing when they start; a rule for new versions you set there");
        } catch (RegistryException e) {
            return Finding.problem("registry", e.found(), e.advice());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.problem("registry", "interrupted", "Ask again");
        }
    }
}
