package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.ClickRecorded;
import dev.tandem.miner.state.PendingClick;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Clicks that wait for their impression, by query id and event id.
 *
 * <p>Hardly any impression is waited for, and to look for those that are in the store costs more than all else that is done with
 * an impression. So it is known how many clicks wait for all query ids of the same hash: where none does, nobody looks.
 */
final class PendingClicks {
    private static final int HASHES = 1 << 16;

    private final KeyValueStore<String, PendingClick> store;
    private final String topic;
    private final int[] waitingByHash = new int[HASHES];
    private long size;

    /** A click as it came, and the key it waits under. */
    record Waiting(String key, ConsumerRecord<byte[], byte[]> origin) {
        String queryId() {
            return PendingClicks.queryId(key);
        }
    }

    /**
     * Those that the store remembers.
     *
     * @param topic that clicks come from
     */
    PendingClicks(KeyValueStore<String, PendingClick> store, String topic) {
        this.store = store;
        this.topic = topic;
        try (var all = store.all()) {
            all.forEachRemaining(waiting -> count(queryId(waiting.key), 1));
        }
    }

    private static String queryId(String key) {
        return key.substring(0, key.indexOf('\0'));
    }

    /** False where this very click waits already. */
    boolean put(Verdict.Clicked clicked, long now) {
        ClickRecorded click = clicked.click();
        ConsumerRecord<byte[], byte[]> origin = clicked.origin();
        PendingClick pending = new PendingClick(
                ByteBuffer.wrap(origin.value()),
                origin.partition(),
                origin.offset(),
                click.getClickedAt().toEpochMilli(),
                now);
        boolean isNew = store.putIfAbsent(click.getQueryId() + "\0" + click.getEventId(), pending) == null;
        count(click.getQueryId(), isNew ? 1 : 0);
        return isNew;
    }

    /** Takes a click out that is there. */
    void remove(Waiting waiting) {
        store.delete(waiting.key());
        count(waiting.queryId(), -1);
    }

    List<Waiting> waitingFor(String queryId) {
        List<Waiting> found = new ArrayList<>();
        if (waitingByHash[hash(queryId)] > 0) {
            try (var waiting = store.prefixScan(queryId + "\0", new StringSerializer())) {
                waiting.forEachRemaining(click -> found.add(waiting(click.key, click.value)));
            }
        }
        return found;
    }

    /** Those of all that are wanted. */
    List<Waiting> all(Predicate<PendingClick> wanted) {
        List<Waiting> found = new ArrayList<>();
        if (size > 0) {
            try (var all = store.all()) {
                all.forEachRemaining(click -> {
                    if (wanted.test(click.value)) {
                        found.add(waiting(click.key, click.value));
                    }
                });
            }
        }
        return found;
    }

    private Waiting waiting(String key, PendingClick click) {
        byte[] value = new byte[click.getValue().remaining()];
        click.getValue().duplicate().get(value);
        return new Waiting(
                key,
                new ConsumerRecord<>(
                        topic,
                        click.getPartition(),
                        click.getOffset(),
                        queryId(key).getBytes(UTF_8),
                        value));
    }

    private void count(String queryId, int more) {
        waitingByHash[hash(queryId)] += more;
        size += more;
    }

    private static int hash(String queryId) {
        int hash = queryId.hashCode();
        return (hash ^ (hash >>> 16)) & (HASHES - 1);
    }
}
