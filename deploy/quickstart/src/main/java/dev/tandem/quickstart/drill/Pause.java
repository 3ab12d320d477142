package dev.tandem.quickstart.drill;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting, in short steps, with an end. */
final class Pause {
    private static final long BETWEEN_LOOKS_MILLIS = 200;

    private Pause() {}

    /** Waits until a condition is true; false if it is not in time. */
    static boolean until(Duration patience, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        }
        return true;
    }

    /**
     * Waits until a condition is true.
     *
     * @throws IllegalStateException if it is not in time
     */
    static void until(String what, Duration patience, BooleanSupplier condition) throws InterruptedException {
        if (!until(patience, condition)) {
            throw new IllegalStateException("Waited %d s for %s".formatted(patience.toSeconds(), what));
        }
    }
}
