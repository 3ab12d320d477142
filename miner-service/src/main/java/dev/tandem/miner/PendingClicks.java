package dev.tandem.miner;

import dev.tandem.miner.state.PendingClick;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
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
    private final int[] waitingByHash = new int[HASHES];
    private long size;

    /** Those that the store remembers. */
    PendingClicks(KeyValueStore<String, PendingClick> store) {
        this.store = store;
        try (var all = store.all()) {
            all.forEachRemaining(waiting -> count(queryId(waiting.key), 1));
        }
    }

    /** Query id of a key. */
    static String queryId(String key) {
        return key.substring(0, key.indexOf('\0'));
    }

    void put(String queryId, String eventId, PendingClick click) {
        String key = queryId + "\0" + eventId;
        if (store.putIfAbsent(key, click) == null) {
            count(queryId, 1);
        }
    }

    /** Takes a click out that is there. */
    void remove(String key) {
        store.delete(key);
        count(queryId(key), -1);
    }

    /** By their keys. */
    List<KeyValue<String, PendingClick>> waitingFor(String queryId) {
        List<KeyValue<String, PendingClick>> found = new ArrayList<>();
        if (waitingByHash[hash(queryId)] > 0) {
            try (var waiting = store.prefixScan(queryId + "\0", new StringSerializer())) {
                waiting.forEachRemaining(found::add);
            }
        }
        return found;
    }

    /** By their keys. */
    List<KeyValue<String, PendingClick>> all(Predicate<PendingClick> wanted) {
        List<KeyValue<String, PendingClick>> found = new ArrayList<>();
        if (size > 0) {
            try (var all = store.all()) {
                all.forEachRemaining(waiting -> {
                    if (wanted.test(waiting.value)) {
                        found.add(waiting);
                    }
                });
            }
        }
        return found;
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
