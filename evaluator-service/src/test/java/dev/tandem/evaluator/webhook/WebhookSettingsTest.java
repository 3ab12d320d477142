package dev.tandem.evaluator.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebhookSettingsTest {
    private static final Optional<URI> URL = Optional.of(URI.create("https://example.org/hook"));
    private static final String SECRET = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"; // of 24 bytes

    @Test
    void tellsNobodyWithoutAnAddress() {
        assertEquals(Optional.empty(), WebhookSettings.of(Optional.empty(), Optional.of(SECRET)));
    }

    @Test
    void refusesWhatCannotBeTrusted() {
        assertRefused(URL, Optional.empty(), "without evaluator.webhook-secret");
        assertRefused(URL, Optional.of("c2hvcnQ="), "of 24 to 64 bytes in base64, got 5 bytes");
        assertRefused(URL, Optional.of("not base64!"), "in base64, such as");
        assertRefused(Optional.of(URI.create("ftp://example.org")), Optional.of(SECRET), "got ftp://example.org");
    }

    private static void assertRefused(Optional<URI> url, Optional<String> secret, String reason) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> WebhookSettings.of(url, secret));
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    }

    /** The example of the specification of Standard Webhooks. */
    @Test
    void signsAsStandardWebhooksDoesWithAndWithoutThePrefixOfTheSecret() {
        for (String text : List.of(SECRET, "whsec_" + SECRET)) {
            assertEquals(
                    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                    SigningSecret.parse(text)
                            .sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"));
        }
    }
}
