package dev.tandem.evaluator.scoring;

import dev.tandem.retrieval.Passage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The passages published so far; one thread writes, any thread takes snapshots. */
public final class Corpus {
    /**
     * The passages at one moment, by id.
     *
     * @param version grows with every change
     */
    public record Snapshot(long version, Map<String, Passage> passages) {}

    private final Map<String, Passage> passages = new LinkedHashMap<>();
    private long version;
    private Snapshot latest = new Snapshot(0, Map.of());

    /** Adds a passage or replaces the one with its id. */
    public synchronized void put(Passage passage) {
        if (!passage.equals(passages.put(passage.id(), passage))) {
            version++;
        }
    }

    /** Takes a passage out. */
    public synchronized void remove(String passageId) {
        if (passages.remove(passageId) != null) {
            version++;
        }
    }

    public synchronized int size() {
        return passages.size();
    }

    public synchronized long version() {
        return version;
    }

    public synchronized Snapshot snapshot() {
        if (latest.version() != version) {
            latest = new Snapshot(version, Collections.unmodifiableMap(new LinkedHashMap<>(passages)));
        }
        return latest;
    }
}
