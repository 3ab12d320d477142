package dev.tandem.miner;

import dev.tandem.miner.state.Impression;
import dev.tandem.miner.state.Impressions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Impressions by the id of their query, for as long as clicks on them may come.
 *
 * <p>Those of one id and one period of {@link JoinWindow#periods} lie together, so that each is found by its key alone; a search
 * through a span of time takes several times as long.
 */
final class RecentImpressions {
    /** Kept of one id and period. Ids are to be unique; where they are not, the oldest go. */
    private static final int MOST = 8;
    /** Kept of one id and period, so that they fit into a record. */
    private static final int MOST_CHARS = 1 << 20;

    private final WindowStore<String, Impressions> store;
    private final JoinWindow window;

    RecentImpressions(WindowStore<String, Impressions> store, JoinWindow window) {
        this.store = store;
        this.window = window;
    }

    /** The newest that a click can refer to. */
    Optional<Impression> newest(String queryId, long clickedAt) {
        long from = clickedAt - window.retention().toMillis();
        long to = clickedAt + JoinWindow.CLOCK_SKEW.toMillis();
        for (long period : window.periods(from, to)) {
            Optional<Impression> newest = find(queryId, period)
                    .filter(isBetween(from, to))
                    .max(Comparator.comparingLong(Impression::getRecordedAt));
            if (newest.isPresent()) {
                return newest;
            }
        }
        return Optional.empty();
    }

    /**
     * Adds one; of the same time it takes the place of another.
     *
     * @return whether there was none of this id, as far away in time as any is kept
     */
    boolean add(String queryId, Impression impression) {
        long recordedAt = impression.getRecordedAt();
        long retention = window.retention().toMillis();
        boolean isNew = true;
        for (long period : window.periods(recordedAt - retention, recordedAt + retention)) {
            List<Impression> found = find(queryId, period).toList();
            isNew &= found.stream().noneMatch(isBetween(recordedAt - retention, recordedAt + retention));
            if (period == window.period(recordedAt)) {
                store.put(queryId, new Impressions(with(impression, found)), period);
            }
        }
        return isNew;
    }

    private Stream<Impression> find(String queryId, long period) {
        Impressions found = store.fetch(queryId, period);
        return found == null ? Stream.empty() : found.getImpressions().stream();
    }

    private static Predicate<Impression> isBetween(long from, long to) {
        return impression -> impression.getRecordedAt() >= from && impression.getRecordedAt() <= to;
    }

    private static List<Impression> with(Impression impression, List<Impression> before) {
        List<Impression> impressions = new ArrayList<>(before);
        impressions.removeIf(other -> other.getRecordedAt() == impression.getRecordedAt());
        impressions.add(impression);
        impressions.sort(Comparator.comparingLong(Impression::getRecordedAt));
        while (impressions.size() > 1 && (impressions.size() > MOST || chars(impressions) > MOST_CHARS)) {
            impressions.remove(0);
        }
        return impressions;
    }

    private static int chars(List<Impression> impressions) {
        return impressions.stream()
                .mapToInt(impression -> impression.getText().length()
                        + impression.getShown().stream()
                                .mapToInt(String::length)
                                .sum())
                .sum();
    }
}
