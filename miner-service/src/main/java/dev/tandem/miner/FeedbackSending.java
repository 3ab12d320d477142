package dev.tandem.miner;

import dev.tandem.retrieval.line.Refusals;
import dev.tandem.retrieval.line.TextLines;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Takes feedback in lines and sends it to its topic; a line is accepted once all replicas of the broker have it.
 *
 * <p>Used by many requests at a time. A body is read as it comes, and no more than {@value #MOST_UNDER_WAY} records of it
 * are on their way at once, so memory does not grow with its length.
 */
final class FeedbackSending implements AutoCloseable {
    /** Refusals an answer names; all of them are counted. */
    static final int MOST_REASONS = 100;

    private static final int MOST_UNDER_WAY = 1_000;
    /** The producer gives every record up before that. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Supplier<Producer<String, byte[]>> connect;
    private Producer<String, byte[]> producer;

    /** A line that was not taken: its number from 1, and what was expected and what came. */
    record RefusedLine(long line, String reason) {}

    /**
     * What became of a body.
     *
     * @param accepted lines that are with the broker
     * @param refused lines that cannot be taken as they are
     * @param undelivered lines the broker did not take: send them again
     * @param reasons of the first refusals
     * @param failure why lines were not delivered, null where all were
     */
    record Receipt(long accepted, long refused, long undelivered, List<RefusedLine> reasons, String failure) {}

    /**
     * @param connect makes the producer at the first request: before the broker has a name none can be made
     */
    FeedbackSending(Supplier<Producer<String, byte[]>> connect) {
        this.connect = connect;
    }

    /**
     * Reads a body to its end and waits for the broker.
     *
     * @param reader makes a record of a line, or throws {@link IllegalArgumentException} saying what was expected and what
     *     came
     */
    Receipt send(InputStream body, Function<String, ProducerRecord<String, byte[]>> reader)
            throws IOException, InterruptedException {
        Delivery delivery = new Delivery(producer());
        List<RefusedLine> reasons = new ArrayList<>();
        long refused = 0;
        try (TextLines lines = new TextLines("body", body, new Refusals())) {
            while (lines.next()) {
                try {
                    String line = lines.text();
                    if (!line.isBlank()) {
                        delivery.send(reader.apply(line));
                    }
                } catch (IllegalArgumentException e) {
                    refused++;
                    if (reasons.size() < MOST_REASONS) {
                        reasons.add(new RefusedLine(lines.number(), e.getMessage()));
                    }
                }
            }
        }
        delivery.await();
        return new Receipt(delivery.accepted.get(), refused, delivery.failed.get(), reasons, delivery.failure.get());
    }

    private synchronized Producer<String, byte[]> producer() {
        if (producer == null) {
            producer = connect.get();
        }
        return producer;
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(5));
        }
    }

    /** The records of one body. */
    private static final class Delivery {
        private final Producer<String, byte[]> producer;
        private final Semaphore free = new Semaphore(MOST_UNDER_WAY);
        private final AtomicLong accepted = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private final AtomicReference<String> failure = new AtomicReference<>();

        Delivery(Producer<String, byte[]> producer) {
            this.producer = producer;
        }

        void send(ProducerRecord<String, byte[]> record) throws InterruptedException {
            free.acquire();
            try {
                var unused = producer.send(record, (metadata, exception) -> finished(exception));
            } catch (KafkaException e) {
                finished(e);
            }
        }

        private void finished(Exception exception) {
            if (exception == null) {
                accepted.incrementAndGet();
            } else {
                failed.incrementAndGet();
                failure.compareAndSet(null, "The broker did not take every line: " + exception.getMessage());
            }
            free.release();
        }

        void await() throws InterruptedException {
            producer.flush();
            if (!free.tryAcquire(MOST_UNDER_WAY, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "Expected the producer to give up within %s, it has not".formatted(PATIENCE));
            }
        }
    }
}
