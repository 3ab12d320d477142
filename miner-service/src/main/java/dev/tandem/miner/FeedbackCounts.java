package dev.tandem.miner;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * How many events met which fate, for as long as the topology has lived.
 *
 * <p>Each task keeps its counts in a store, so that they are exact across crashes and move with the task; this is the sum
 * over the tasks of this instance.
 */
final class FeedbackCounts {
    static final String ACCEPTED = "accepted";
    static final String REPEATED = "repeated";
    static final String DUPLICATE = "duplicate";
    static final String ORPHAN = "orphan";
    static final String LATE = "late";
    static final String NOT_SHOWN = "not-shown";
    /** By a user who clicks more passages of a query than a person would. */
    static final String MACHINE = "machine";

    static final String IMPRESSION = "impression";
    static final String REPEATED_IMPRESSION = "impression-repeated";
    static final String LATE_IMPRESSION = "impression-late";
    /** Of which each click that can be read has one. */
    static final List<String> FATES_OF_CLICKS =
            List.of(ACCEPTED, REPEATED, DUPLICATE, ORPHAN, LATE, NOT_SHOWN, MACHINE);
    /** Of which each impression has one. */
    static final List<String> FATES_OF_IMPRESSIONS = List.of(IMPRESSION, REPEATED_IMPRESSION, LATE_IMPRESSION);
    /** Ranks of which clicks per impression are counted. */
    static final int RANKS = 10;

    private static final String SHOWN_TO = "shown-to/";
    private static final String CLICKED_AT = "clicked-at/";

    private final Map<TaskId, Map<String, Long>> counts = new ConcurrentHashMap<>();

    /** Name of the count of records of a topic that were refused. */
    static String refused(String topic) {
        return "refused/" + topic;
    }

    /** Name of the count of impressions that show so many passages. */
    static String shown(int passages) {
        return SHOWN_TO + Math.min(passages, RANKS);
    }

    /** Name of the count of accepted clicks at a rank. */
    static String clickedAt(int rank) {
        return CLICKED_AT + rank;
    }

    /** Accepted clicks per impression at each of the first ranks; 0 where nothing was shown. */
    List<Double> clicksPerImpression() {
        List<Double> rates = new ArrayList<>();
        for (int rank = 1; rank <= RANKS; rank++) {
            long shown = IntStream.rangeClosed(rank, RANKS)
                    .mapToLong(last -> of(shown(last)))
                    .sum();
            rates.add(shown == 0 ? 0 : (double) of(clickedAt(rank)) / shown);
        }
        return rates;
    }

    long of(String name) {
        return counts.values().stream()
                .mapToLong(task -> task.getOrDefault(name, 0L))
                .sum();
    }

    /** The counts of one task, with what its store remembers. */
    Tally open(TaskId task, KeyValueStore<String, Long> store) {
        Map<String, Long> live = counts.computeIfAbsent(task, id -> new ConcurrentHashMap<>());
        try (var entries = store.all()) {
            entries.forEachRemaining(entry -> live.put(entry.key, entry.value));
        }
        return new Tally(task, store, live);
    }

    /** Counts of one task. */
    final class Tally {
        private final TaskId task;
        private final KeyValueStore<String, Long> store;
        private final Map<String, Long> live;

        private Tally(TaskId task, KeyValueStore<String, Long> store, Map<String, Long> live) {
            this.task = task;
            this.store = store;
            this.live = live;
        }

        void add(String name) {
            Long before = store.get(name);
            long now = before == null ? 1 : before + 1;
            store.put(name, now);
            live.put(name, now);
        }

        void close() {
            counts.remove(task);
        }
    }
}
