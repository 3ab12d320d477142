package dev.tandem.evaluator.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How a receiver knows who calls, after Standard Webhooks (https://www.standardwebhooks.com, version 1). */
public final class SigningSecret {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";
    private static final int SHORTEST = 24;
    private static final int LONGEST = 64;

    private final SecretKeySpec key;

    private SigningSecret(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /**
     * As it stands in the configuration.
     *
     * @param text 24 to 64 bytes in base64, with or without whsec_ before them
     * @throws IllegalArgumentException if it is anything else; the message does not repeat it
     */
    public static SigningSecret parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Expected evaluator.webhook-secret in base64, such as `openssl rand -base64 32` makes", e);
        }
        if (bytes.length < SHORTEST || bytes.length > LONGEST) {
            throw new IllegalArgumentException(
                    "Expected evaluator.webhook-secret of %d to %d bytes in base64, got %d bytes; `openssl rand -base64 32` makes one"
                            .formatted(SHORTEST, LONGEST, bytes.length));
        }
        return new SigningSecret(bytes);
    }

    /**
     * The header webhook-signature: v1, and HMAC-SHA256 of "id.seconds.body" in base64.
     *
     * @param id the header webhook-id
     * @param seconds the header webhook-timestamp, since 1970
     */
    public String sign(String id, long seconds, String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] digest = mac.doFinal("%s.%d.%s".formatted(id, seconds, body).getBytes(UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }
}
