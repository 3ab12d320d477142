package dev.tandem.events;

import static java.util.Objects.requireNonNull;

import dev.tandem.events.registry.RegistryApi;
import dev.tandem.events.registry.RegistrySettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * How events stand on the topics: the settings {@code events.*}, the same for all services and the command line.
 *
 * <pre>
 * events.encoding           single-object (default) or registry: how events are written
 * events.registry.url       base of the registry's interface; with it, events that name their schema by its id are read
 * events.registry.api       confluent (default) or apicurio: the interface at that url
 * events.registry.group     Apicurio's group of artifacts (default: default)
 * events.registry.user      for registries that ask who it is; with events.registry.password
 * </pre>
 *
 * @param registry none where no service of the ring has one
 */
public record EventSettings(EventEncoding encoding, Optional<RegistrySettings> registry) {
    /** Single-object encoding, and no registry. */
    public static final EventSettings DEFAULT = new EventSettings(EventEncoding.SINGLE_OBJECT, Optional.empty());

    private static final String PREFIX = "events.";

    public EventSettings {
        requireNonNull(encoding, "encoding is null");
        if (encoding == EventEncoding.REGISTRY && registry.isEmpty()) {
            throw new IllegalArgumentException(
                    "Expected events.registry.url beside events.encoding=registry, got none; set it to the base of the registry's interface, such as http://registry:8080/apis/ccompat/v7");
        }
    }

    /**
     * Those of a configuration.
     *
     * @param value of a setting, empty where it has none
     * @throws IllegalArgumentException if one of them is none of what may be said; the message names no password
     */
    public static EventSettings of(Function<String, Optional<String>> value) {
        Function<String, Optional<String>> said =
                name -> value.apply(PREFIX + name).map(String::strip).filter(text -> !text.isEmpty());
        Optional<RegistrySettings> registry = said.apply("registry.url")
                .map(url -> new RegistrySettings(
                        said.apply("registry.api").map(EventSettings::api).orElse(RegistryApi.CONFLUENT),
                        uri(url),
                        said.apply("registry.group").orElse("default"),
                        said.apply("registry.user"),
                        said.apply("registry.password")));
        return new EventSettings(
                said.apply("encoding").map(EventEncoding::of).orElse(EventEncoding.SINGLE_OBJECT), registry);
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) { // its message repeats the address, and somebody may have put a password there
            throw new IllegalArgumentException(
                    "Expected an address such as http://registry:8080/apis/ccompat/v7 for events.registry.url, got what is none: %s at index %d"
                            .formatted(e.getReason(), e.getIndex()));
        }
    }

    private static RegistryApi api(String setting) {
        return Arrays.stream(RegistryApi.values())
                .filter(api -> api.name().toLowerCase(Locale.ROOT).equals(setting))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Expected confluent or apicurio for events.registry.api, got \"%s\"".formatted(setting)));
    }
}
