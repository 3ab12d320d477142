package dev.tandem.evaluator.webhook;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Optional;

/**
 * Where promotions are told, and with which secret they are signed.
 *
 * @param url of the receiver, http or https
 */
public record WebhookSettings(URI url, SigningSecret secret) {
    public WebhookSettings {
        requireNonNull(url, "url is null");
        requireNonNull(secret, "secret is null");
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new IllegalArgumentException(
                    "Expected evaluator.webhook-url like https://example.org/hook, got " + url);
        }
    }

    /**
     * As they stand in the configuration; empty without a url.
     *
     * @throws IllegalArgumentException if there is a url and no secret, or one of them is malformed
     */
    public static Optional<WebhookSettings> of(Optional<URI> url, Optional<String> secret) {
        return url.map(
                address -> new WebhookSettings(
                        address,
                        secret.map(SigningSecret::parse)
                                .orElseThrow(
                                        () -> new IllegalArgumentException(
                                                "evaluator.webhook-url is set without evaluator.webhook-secret, so its receiver could not tell who calls; `openssl rand -base64 32` makes one"))));
    }
}
