package dev.tandem.miner;

import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mining loop in a thread of its own: off the stream threads, because it asks models.
 *
 * <p>A {@link MiningSession} that loses its broker, or its place to another instance, is followed by a new one; what it
 * had not committed is mined again.
 */
final class Mining implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mining.class);
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(1);

    private final MiningParts parts;
    private final Thread thread = new Thread(this::run, "mining");
    private volatile boolean isStopped;
    private volatile MiningProgress progress = MiningProgress.NONE;

    Mining(MiningParts parts) {
        this.parts = parts;
    }

    void start() {
        thread.start();
    }

    MiningProgress progress() {
        return progress;
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    private void run() {
        try {
            while (!isStopped) {
                runSession();
            }
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        } finally {
            parts.retriever().close();
        }
    }

    private void runSession() throws InterruptedException {
        try (MiningSession session = new MiningSession(parts, now -> progress = now)) {
            session.run(() -> isStopped);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("Mining lost its broker or its place and starts again: {}", e.getMessage());
            LOG.debug("Why mining starts again", e);
            Thread.sleep(BEFORE_RETRY.toMillis());
        }
    }

    /** Ends after the piece of work at hand. */
    @Override
    public void close() {
        isStopped = true;
        try {
            thread.join(Duration.ofSeconds(30).toMillis());
            thread.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
