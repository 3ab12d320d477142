package dev.tandem.events.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a schema registry is, and how one speaks to it.
 *
 * @param url base of the interface, such as {@code http://registry:8080/apis/ccompat/v7}; the paths are appended to it
 * @param group of Apicurio's artifacts; Confluent's interface knows none
 * @param user who asks, none where the registry asks nobody
 * @param password the user's, or the secret of an API key
 */
public record RegistrySettings(
        RegistryApi api, URI url, String group, Optional<String> user, Optional<String> password) {
    public RegistrySettings {
        requireNonNull(api, "api is null");
        requireNonNull(group, "group is null");
        String scheme = String.valueOf(url.getScheme());
        if (!scheme.matches("https?") || url.getHost() == null || url.getQuery() != null || url.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "Expected http:// or https:// with a host, and neither user nor query, for events.registry.url, got %s://%s%s"
                            .formatted(scheme, url.getHost(), url.getPath()));
        }
        if (user.isPresent() != password.isPresent()) {
            throw new IllegalArgumentException(
                    "Expected events.registry.user and events.registry.password both or neither, got only one of them");
        }
        url = URI.create(url.toString().replaceAll("/+$", ""));
    }

    /** Asks nobody and nothing yet. */
    public SchemaRegistry registry() {
        return api.at(this);
    }

    Optional<String> authorization() {
        return user.map(name ->
                "Basic " + Base64.getEncoder().encodeToString((name + ":" + password.orElseThrow()).getBytes(UTF_8)));
    }

    /** Names no password. */
    @Override
    public String toString() {
        return url.toString();
    }
}
