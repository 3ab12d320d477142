package dev.tandem.evaluator.scoring;

import dev.tandem.retrieval.QueryKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The held-out queries known so far; one thread writes, any thread takes snapshots. */
public final class HeldOutQueries {
    /**
     * The queries at one moment, by key.
     *
     * @param gate those the promotion rule looks at
     * @param report those no decision sees
     */
    public record Snapshot(List<HeldOutQuery> gate, List<HeldOutQuery> report) {
        /** Number of those whose grades come from clicks. */
        public long fromClicks() {
            return gate.stream().filter(HeldOutQuery::fromClicks).count()
                    + report.stream().filter(HeldOutQuery::fromClicks).count();
        }
    }

    private final Map<String, HeldOutQuery> byKey = new TreeMap<>();
    private Snapshot latest = new Snapshot(List.of(), List.of());
    private boolean changed;

    /** Adds a query or replaces the one with its key. */
    public synchronized void put(HeldOutQuery query) {
        changed |= !query.equals(byKey.put(query.key().value(), query));
    }

    /** Takes a query out. */
    public synchronized void remove(QueryKey key) {
        changed |= byKey.remove(key.value()) != null;
    }

    public synchronized int size() {
        return byKey.size();
    }

    public synchronized Snapshot snapshot() {
        if (changed) {
            List<HeldOutQuery> gate = new ArrayList<>();
            List<HeldOutQuery> report = new ArrayList<>();
            byKey.values().forEach(query -> (query.key().isGate() ? gate : report).add(query));
            latest = new Snapshot(List.copyOf(gate), List.copyOf(report));
            changed = false;
        }
        return latest;
    }
}
