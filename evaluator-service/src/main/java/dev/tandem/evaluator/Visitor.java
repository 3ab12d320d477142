package dev.tandem.evaluator;

import dev.tandem.evaluator.scoring.CheckpointModel;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A checkpoint that is open only because a search asks for it: one at a time, which goes when another is asked for, when the
 * models beside it change, and when nobody has asked for a while. It never embeds the corpus.
 */
final class Visitor {
    private static final Duration STAYS = Duration.ofMinutes(10);
    private static final long PATIENCE_SECONDS = 10;

    /** How it comes in. */
    interface Opening {
        CheckpointModel open() throws IOException;
    }

    private final Clock clock;
    private final ReentrantLock turn = new ReentrantLock();
    private CheckpointModel model;
    private Instant askedAt;

    Visitor(Clock clock) {
        this.clock = clock;
    }

    /**
     * Lends it for one search; one search after the other.
     *
     * @throws IOException if the store cannot be reached
     * @throws BusyException if others are asking and do not come to an end
     */
    <R> R lend(String checkpointId, Opening opening, Function<CheckpointModel, R> use) throws IOException {
        if (!hasTurn()) {
            throw new BusyException("Other checkpoints are being asked; try again in a moment");
        }
        try {
            if (model == null || !model.id().equals(checkpointId)) {
                close();
                model = opening.open();
            }
            askedAt = clock.instant();
            return use.apply(model);
        } finally {
            turn.unlock();
        }
    }

    private boolean hasTurn() {
        try {
            return turn.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Waits for a search that is running. */
    void leave() {
        turn.lock();
        try {
            close();
        } finally {
            turn.unlock();
        }
    }

    /** Nothing happens while a search is running. */
    void leaveIfForgotten() {
        if (turn.tryLock()) {
            try {
                if (model != null && Duration.between(askedAt, clock.instant()).compareTo(STAYS) > 0) {
                    close();
                }
            } finally {
                turn.unlock();
            }
        }
    }

    private void close() {
        if (model != null) {
            model.close();
            model = null;
        }
    }
}
