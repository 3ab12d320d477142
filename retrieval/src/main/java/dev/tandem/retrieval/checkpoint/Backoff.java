package dev.tandem.retrieval.checkpoint;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * When to try again what a store has just failed to do: after 5 seconds, then twice as long each time, up to 5 minutes. Used
 * by one thread.
 */
public final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Clock clock;
    private Duration next = FIRST;
    private Instant notBefore = Instant.MIN;

    /** Nothing has failed yet. */
    public Backoff(Clock clock) {
        this.clock = clock;
    }

    /** Whether the last failure is long enough ago. */
    public boolean mayTry() {
        return !clock.instant().isBefore(notBefore);
    }

    /** The try failed; returns how long to wait for the next. */
    public Duration failed() {
        Duration wait = next;
        notBefore = clock.instant().plus(wait);
        next = wait.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : wait.multipliedBy(2);
        return wait;
    }

    /** The try succeeded: the next failure is the first. */
    public void succeeded() {
        next = FIRST;
        notBefore = Instant.MIN;
    }
}
