package dev.tandem.events;

import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/**
 * Why a client and its broker do not come together, in words that hold no password.
 *
 * @param canPass whether waiting may help; if not, a person must change a setting, here or at the broker
 * @param found what was expected, and what came
 * @param advice what to do
 */
public record BrokerTrouble(boolean canPass, String found, String advice) {
    private static final int MOST_CAUSES = 10;
    /** What Kafka does not understand of it may be a piece of a password. */
    private static final Pattern PIECE_OF_JAAS = Pattern.compile("'.*' in JAAS config", Pattern.DOTALL);

    /** What is known before a client is made: that the listener speaks TLS and these settings do not. */
    public static Optional<BrokerTrouble> beforehand(KafkaSettings kafka) {
        boolean isPlain = kafka.protocol().endsWith("PLAINTEXT");
        return isPlain && TlsProbe.findsTls(kafka.servers())
                ? Optional.of(new BrokerTrouble(
                        false,
                        "The broker at %s speaks TLS, and kafka.security.protocol is %s"
                                .formatted(kafka.servers(), kafka.protocol()),
                        "Set it to SSL, or to SASL_SSL where the broker wants a password; see deploy/security.md."))
                : Optional.empty();
    }

    /** What a failure of a client that was made with these settings means. */
    public static BrokerTrouble of(KafkaSettings kafka, Throwable failure) {
        List<Throwable> causes = causes(failure);
        String reason = reason(causes);
        if (has(causes, SslAuthenticationException.class)) {
            return new BrokerTrouble(
                    false,
                    "No TLS connection to the broker at %s comes about: %s".formatted(kafka.servers(), reason),
                    "Its certificate must name that host, and kafka.ssl.truststore.location (or .certificates) vouch for it;"
                            + " see deploy/security.md.");
        }
        if (has(causes, AuthenticationException.class)) {
            return new BrokerTrouble(
                    false,
                    "The broker at %s does not accept user and password: %s".formatted(kafka.servers(), reason),
                    "Check kafka.sasl.mechanism and kafka.sasl.jaas.config, and that the broker has that user; see"
                            + " deploy/security.md.");
        }
        if (has(causes, AuthorizationException.class)) {
            return new BrokerTrouble(
                    false,
                    "The broker at %s does not allow it: %s".formatted(kafka.servers(), reason),
                    "Let this user do that, by an ACL of the broker.");
        }
        if (has(causes, RetriableException.class) || reason.contains("No resolvable bootstrap")) {
            return new BrokerTrouble(
                    true,
                    "No Kafka broker answers at %s: %s".formatted(kafka.servers(), reason),
                    "Is it up, does it advertise an address that leads to it from here, and is kafka.security.protocol (%s) its listener's?"
                            .formatted(kafka.protocol()));
        }
        return new BrokerTrouble(
                false,
                "The Kafka broker at %s cannot be used: %s".formatted(kafka.servers(), reason),
                "Check the settings kafka.security.protocol, kafka.sasl.* and kafka.ssl.*; see deploy/security.md.");
    }

    /** Both in one line. */
    public String sentence() {
        return found + (found.endsWith(".") ? " " : ". ") + advice;
    }

    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        Throwable next = failure;
        while (next != null && causes.size() < MOST_CAUSES) {
            if (!(next instanceof ExecutionException)) {
                causes.add(next);
            }
            next = next.getCause();
        }
        return causes;
    }

    private static boolean has(List<Throwable> causes, Class<? extends Throwable> kind) {
        return causes.stream().anyMatch(kind::isInstance);
    }

    /** From the outside in, for only the innermost cause may say that a file is missing; nothing twice. */
    private static String reason(List<Throwable> causes) {
        List<String> reasons = new ArrayList<>();
        for (Throwable cause : causes) {
            boolean saysNothing = cause.getMessage() == null || cause instanceof FileSystemException; // only the path
            String said = saysNothing ? cause.toString() : cause.getMessage();
            if (reasons.stream().noneMatch(reason -> reason.contains(said))) {
                reasons.add(said);
            }
        }
        return PIECE_OF_JAAS.matcher(String.join(": ", reasons)).replaceAll("'…' in JAAS config");
    }
}
