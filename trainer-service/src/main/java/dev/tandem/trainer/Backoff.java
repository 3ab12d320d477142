package dev.tandem.trainer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** When to try again what has just failed: after 5 seconds, then twice as long each time, up to 5 minutes. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Clock clock;
    private Duration next = FIRST;
    private Instant notBefore = Instant.MIN;

    Backoff(Clock clock) {
        this.clock = clock;
    }

    boolean mayTry() {
        return !clock.instant().isBefore(notBefore);
    }

    /** The try failed; returns how long to wait for the next. */
    Duration failed() {
        Duration wait = next;
        notBefore = clock.instant().plus(wait);
        next = wait.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : wait.multipliedBy(2);
        return wait;
    }

    void succeeded() {
        next = FIRST;
        notBefore = Instant.MIN;
    }
}
