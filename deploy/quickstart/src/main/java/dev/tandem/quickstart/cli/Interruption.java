package dev.tandem.quickstart.cli;

import java.util.concurrent.CountDownLatch;

/** Lets a piece of work end in order when the user presses Ctrl-C: the process ends after {@link #close}. */
final class Interruption implements AutoCloseable {
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread stopping;

    /**
     * The work begins.
     *
     * @param stop tells it to end soon; called at most once, by another thread
     */
    Interruption(Runnable stop) {
        stopping = new Thread(() -> stop(stop), "stop");
        Runtime.getRuntime().addShutdownHook(stopping);
    }

    private void stop(Runnable stop) {
        stop.run();
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work is over. */
    @Override
    public void close() {
        over.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(stopping);
        } catch (IllegalStateException e) {
            // it has just done its work: that is why the other has ended
        }
    }
}
