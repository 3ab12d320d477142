package dev.tandem.quickstart.drill;

import dev.tandem.quickstart.Screen;
import dev.tandem.quickstart.ring.Ring;
import dev.tandem.quickstart.ring.Service;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Fault after fault, in rounds of all kinds in a random order. After each the ring is waited for: it has recovered when all
 * services say that they are well, and a query, a checkpoint and a decision made since have gone their way.
 */
final class Rounds {
    static final Duration TO_RECOVER = Duration.ofMinutes(4);
    private static final int LONGEST_REST_SECONDS = 8;
    private static final long BETWEEN_LOOKS_MILLIS = 250;
    private static final Duration BETWEEN_MEMORY_LOOKS = Duration.ofSeconds(2);

    private final Ring ring;
    private final Faults faults;
    private final Books books;
    private final Ledger ledger;
    private final MemoryWatch memory;
    private final Screen screen;
    private final Clock clock;
    private final Random random;
    private final BooleanSupplier goesOn;
    private final List<Outcome> outcomes = new ArrayList<>();
    private long memoryLooked = System.nanoTime();

    /**
     * What became of a ring with which something happened.
     *
     * @param recovery from the end of the fault until the ring had recovered, empty if it did not
     */
    record Outcome(FaultKind kind, Optional<Duration> recovery) {}

    Rounds(
            Ring ring,
            Faults faults,
            Books books,
            Ledger ledger,
            MemoryWatch memory,
            Screen screen,
            Clock clock,
            Random random,
            BooleanSupplier goesOn) {
        this.ring = ring;
        this.faults = faults;
        this.books = books;
        this.ledger = ledger;
        this.memory = memory;
        this.screen = screen;
        this.clock = clock;
        this.random = random;
        this.goesOn = goesOn;
    }

    /** What has happened so far, from any thread. */
    List<Outcome> outcomes() {
        synchronized (outcomes) {
            return List.copyOf(outcomes);
        }
    }

    /** Waits until the ring turns for the first time. */
    boolean awaitFirstTurn() throws InterruptedException {
        return awaitTurn("waiting until the ring turns", clock.instant()).isPresent();
    }

    /**
     * Goes on for a time, and until each kind has come once; ends early where the ring does not recover.
     *
     * @param kinds those that can be made here
     */
    void run(List<FaultKind> kinds, Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (int number = 1; goesOn.getAsBoolean() && (number == 1 || System.nanoTime() < end); number++) {
            List<FaultKind> round = new ArrayList<>(kinds);
            Collections.shuffle(round, random);
            for (FaultKind kind : round) {
                boolean isDue = number == 1 || System.nanoTime() < end;
                if (goesOn.getAsBoolean() && isDue && !happens(kind)) {
                    return;
                }
            }
        }
    }

    private boolean happens(FaultKind kind) throws InterruptedException {
        rest(Duration.ofSeconds(random.nextInt(LONGEST_REST_SECONDS + 1)), "rest");
        ledger.during(kind);
        Optional<Duration> recovery = strike(kind, outcomes().size() + 1);
        ledger.during(null);
        if (!goesOn.getAsBoolean()) {
            return false;
        }
        synchronized (outcomes) {
            outcomes.add(new Outcome(kind, recovery));
        }
        return recovery.isPresent();
    }

    private Optional<Duration> strike(FaultKind kind, int number) throws InterruptedException {
        Duration lasts = faults.lasts(kind);
        screen.say("fault %d: %s%s"
                .formatted(number, kind.label(), lasts.isZero() ? "" : " for %d s".formatted(lasts.toSeconds())));
        try {
            faults.begin(kind, number);
            rest(lasts, kind.label());
            faults.end(kind);
        } catch (IOException | IllegalStateException e) {
            screen.say("  the fault cannot be made, or mended: " + e.getMessage());
            return Optional.empty();
        }
        Optional<Duration> recovery = awaitTurn("recovering from " + kind.label(), clock.instant());
        screen.say(recovery.map(took -> "  recovered in %.1f s".formatted(seconds(took)))
                .orElseGet(() -> "  NOT RECOVERED; services that are not well: " + troubles()));
        return recovery;
    }

    private void rest(Duration time, String what) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (goesOn.getAsBoolean() && System.nanoTime() < end) {
            look(what);
        }
    }

    private Optional<Duration> awaitTurn(String what, Instant since) throws InterruptedException {
        long began = System.nanoTime();
        while (goesOn.getAsBoolean()) {
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            if (books.hasTurnedSince(since) && troubles().isEmpty()) {
                return Optional.of(took);
            }
            if (took.compareTo(TO_RECOVER) > 0) {
                break;
            }
            look("%s, %d s".formatted(what, took.toSeconds()));
        }
        return Optional.empty();
    }

    /** Services that do not say that they are well. */
    private List<Service> troubles() {
        return Arrays.stream(Service.values())
                .filter(service -> ring.service(service).get("/q/health").isEmpty())
                .toList();
    }

    private void look(String what) throws InterruptedException {
        if (System.nanoTime() - memoryLooked > BETWEEN_MEMORY_LOOKS.toNanos()) {
            memoryLooked = System.nanoTime();
            memory.look();
        }
        screen.progress("%s | %,d events sent, %,d lists, %d checkpoints, %d promotions"
                .formatted(
                        what,
                        ledger.size(),
                        books.lists().size(),
                        books.checkpoints().announced().size(),
                        books.checkpoints().promotions().size()));
        Thread.sleep(BETWEEN_LOOKS_MILLIS);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
