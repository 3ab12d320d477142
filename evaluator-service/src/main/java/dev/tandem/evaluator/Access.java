package dev.tandem.evaluator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Optional;

/** Who may change what is live: whoever knows the token of the configuration, and nobody where there is none. */
public final class Access {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int SHORTEST = 16;
    private static final String SCHEME = "Bearer ";

    private final Optional<String> token;

    /**
     * @throws IllegalArgumentException if the token is so short that it could be guessed
     */
    public Access(Optional<String> token) {
        this.token = token;
        if (token.isPresent() && token.get().length() < SHORTEST) {
            throw new IllegalArgumentException("Expected evaluator.token of at least %d characters, got %d"
                    .formatted(SHORTEST, token.get().length()));
        }
    }

    /** Whether anybody may at all. */
    public boolean isPossible() {
        return token.isPresent();
    }

    /** Why a request is not let in. */
    public record Denial(int status, String reason) {}

    /** Empty if the request may go on. */
    public Optional<Denial> refusal(String authorization) {
        if (token.isEmpty()) {
            return Optional.of(new Denial(
                    FORBIDDEN,
                    "This evaluator takes no orders: set evaluator.token (EVALUATOR_TOKEN) to a secret of at least %d characters and restart it"
                            .formatted(SHORTEST)));
        }
        if (authorization == null || !authorization.startsWith(SCHEME)) {
            return Optional.of(new Denial(
                    UNAUTHORIZED,
                    "Expected the header \"Authorization: Bearer TOKEN\" with the token of evaluator.token"));
        }
        byte[] given = authorization.substring(SCHEME.length()).getBytes(UTF_8);
        return MessageDigest.isEqual(given, token.get().getBytes(UTF_8))
                ? Optional.empty()
                : Optional.of(new Denial(UNAUTHORIZED, "The token is not the one of evaluator.token"));
    }
}
