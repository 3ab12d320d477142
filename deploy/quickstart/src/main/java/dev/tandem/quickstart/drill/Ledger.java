package dev.tandem.quickstart.drill;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Everything the broker has taken from the drill, each with the fault that was going on. */
final class Ledger {
    private final Map<String, Judged> judged = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private final List<Entry> entries = new ArrayList<>();
    private FaultKind during;
    private long failed;

    /**
     * An event the broker has taken.
     *
     * @param poison whether every reader has to refuse it
     * @param judged what was judged, null for all but judged queries
     * @param during the fault that was going on, null for none
     */
    record Entry(Place place, String key, boolean poison, Judged judged, FaultKind during) {}

    /** A judgement that was sent. */
    record Judged(String queryKey, String passageId, boolean heldOut) {}

    /** A judged query is about to be sent under this recording id. */
    synchronized void judges(String recordingId, Judged judgement) {
        judged.put(recordingId, judgement);
    }

    /** An event that has to be refused is about to be sent under this key. */
    synchronized void poisons(String key) {
        refused.add(key);
    }

    synchronized void taken(String key, RecordMetadata where) {
        entries.add(new Entry(Place.of(where), key, refused.contains(key), judged.get(key), during));
    }

    /** The broker did not say that it took an event; perhaps it did. */
    synchronized void failed() {
        failed++;
    }

    /** From now on this goes on; null for nothing. */
    synchronized void during(FaultKind fault) {
        during = fault;
    }

    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    synchronized long size() {
        return entries.size();
    }

    synchronized long failures() {
        return failed;
    }

    /** Whether an event has to be refused. */
    synchronized boolean isPoison(String key) {
        return refused.contains(key);
    }
}
