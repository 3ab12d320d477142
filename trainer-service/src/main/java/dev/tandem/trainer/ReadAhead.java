package dev.tandem.trainer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads partitions ahead of their use, on a thread of its own, up to about a bound of bytes for each.
 *
 * <p>A consumer takes in an answer of the broker only while it is polled. Polled between training steps alone, it would take
 * one buffer of it per step; an answer of some megabytes would outlast the client's request timeout, begin again, and never
 * come. Here a poll is always under way, and a step never waits for one as long as lists lie ready.
 */
final class ReadAhead implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadAhead.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long MOST_BYTES = 8L << 20;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(30);
    private static final Duration TO_ANSWER = Duration.ofSeconds(5);
    private static final Duration STALLED_AFTER = Duration.ofMinutes(2);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Ahead> partitions = new HashMap<>();
    private final Thread thread = new Thread(this::run, "candidate-lists");
    private long looked = System.nanoTime();
    private Throwable failure;
    private volatile boolean stopping;
    private volatile boolean stalled;

    /** What has been read of a partition and not taken; guarded by the reader's monitor. */
    private static final class Ahead {
        final Deque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();
        long bytes;
        long behind = 1; // unknown before the first fetch, so that the first record is waited for
        long lastMoved = System.nanoTime();
    }

    /**
     * Begins to read where the consumer stands; nobody else may use the consumer until this is closed.
     *
     * @param partitions all that are assigned
     */
    ReadAhead(Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        this.consumer = consumer;
        partitions.forEach(partition -> this.partitions.put(partition, new Ahead()));
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!stopping) {
                pauseWhatIsFull();
                add(consumer.poll(POLL));
                if (System.nanoTime() - looked > LOOK_EVERY.toNanos()) {
                    look();
                }
            }
        } catch (RuntimeException | Error e) { // an Error where an answer does not fit into memory
            fail(e);
        }
    }

    private synchronized void pauseWhatIsFull() {
        partitions.forEach((partition, ahead) -> {
            if (ahead.bytes >= MOST_BYTES) {
                consumer.pause(List.of(partition));
                ahead.lastMoved = System.nanoTime();
            } else {
                consumer.resume(List.of(partition));
            }
        });
    }

    private synchronized void add(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Ahead ahead = partitions.get(new TopicPartition(record.topic(), record.partition()));
            ahead.records.add(record);
            ahead.bytes += size(record);
            ahead.lastMoved = System.nanoTime();
        }
        partitions.forEach((partition, ahead) ->
                ahead.behind = consumer.currentLag(partition).orElse(ahead.behind));
        notifyAll();
    }

    private synchronized void fail(Throwable e) {
        failure = e;
        notifyAll();
    }

    private static long size(ConsumerRecord<byte[], byte[]> record) {
        return Math.max(0L, record.serializedKeySize()) + Math.max(0L, record.serializedValueSize());
    }

    /** Asks the broker for the ends, for the lag that a fetch knew is silent on fetches that never come back. */
    private void look() {
        looked = System.nanoTime();
        try {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions.keySet(), TO_ANSWER);
            boolean found = false;
            for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
                found |= isStalled(end.getKey(), consumer.position(end.getKey(), TO_ANSWER), end.getValue());
            }
            stalled = found;
        } catch (TimeoutException e) {
            LOG.debug("The broker does not answer, so nothing is known of the lag", e);
            allMoved();
        }
    }

    /** What did not come while nobody answered has not stalled. */
    private synchronized void allMoved() {
        partitions.values().forEach(ahead -> ahead.lastMoved = System.nanoTime());
    }

    private synchronized boolean isStalled(TopicPartition partition, long position, long end) {
        Ahead ahead = partitions.get(partition);
        if (position >= end) {
            ahead.lastMoved = System.nanoTime();
        }
        boolean isStalled = System.nanoTime() - ahead.lastMoved > STALLED_AFTER.toNanos();
        if (isStalled) {
            LOG.warn(
                    "No list has come for {} although the broker has more; if it lasts, start the trainer again"
                            + " partition={} position={} end={}",
                    STALLED_AFTER,
                    partition,
                    position,
                    end);
        }
        return isStalled;
    }

    /** Takes the next record of a partition, if it has been read. */
    synchronized Optional<ConsumerRecord<byte[], byte[]>> take(TopicPartition partition) {
        throwFailure();
        Ahead ahead = partitions.get(partition);
        Optional<ConsumerRecord<byte[], byte[]>> record = Optional.ofNullable(ahead.records.poll());
        record.ifPresent(taken -> ahead.bytes -= size(taken));
        return record;
    }

    /** Whether a partition has records that have not been taken, as far as the latest fetch knew. */
    synchronized boolean mayHaveMore(TopicPartition partition) {
        Ahead ahead = partitions.get(partition);
        return ahead.behind > 0 || !ahead.records.isEmpty();
    }

    /** Waits until a partition has a record to take, a tenth of a second at most. */
    synchronized void await(TopicPartition partition) {
        try {
            long left = POLL.toMillis();
            long end = System.nanoTime() + POLL.toNanos();
            while (left > 0
                    && failure == null
                    && partitions.get(partition).records.isEmpty()) {
                wait(left);
                left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void throwFailure() {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    /** Records that have not been taken, about. */
    synchronized long lag() {
        return partitions.values().stream()
                .mapToLong(ahead -> ahead.behind + ahead.records.size())
                .sum();
    }

    /** Whether the broker has had records for minutes and none has come; from any thread. */
    boolean isStalled() {
        return stalled;
    }

    /** Ends reading; the consumer's position is where reading stood, not what was taken. */
    @Override
    public void close() {
        stopping = true;
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true; // one poll at most is waited for
            }
        }
        consumer.resume(consumer.paused()); // an assignment keeps what it finds
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
