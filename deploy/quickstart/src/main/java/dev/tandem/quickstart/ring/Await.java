package dev.tandem.quickstart.ring;

import dev.tandem.quickstart.process.ChildProcess;
import dev.tandem.quickstart.process.LogTail;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for a child process to come up. */
final class Await {
    private static final long BETWEEN_LOOKS_MILLIS = 100;
    private static final int LOG_LINES = 20;

    private Await() {}

    /**
     * Waits for a condition.
     *
     * @throws IllegalStateException with the end of the child's log, if it does not come true in time
     */
    static void until(String what, Duration patience, ChildProcess process, BooleanSupplier condition)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Expected %s to be up within %d s, it is not. The end of %s:%n%s"
                        .formatted(
                                what,
                                patience.toSeconds(),
                                process.log(),
                                String.join(System.lineSeparator(), LogTail.of(process.log(), LOG_LINES))));
            }
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        }
    }
}
