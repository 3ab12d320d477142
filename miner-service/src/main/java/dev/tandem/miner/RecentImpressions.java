package dev.tandem.miner;

import dev.tandem.miner.state.Impression;
import dev.tandem.miner.state.Impressions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
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

    /** Whether there is one of this id, as far away in time as any is kept. */
    boolean has(String queryId, long recordedAt) {
        long retention = window.retention().toMillis();
        return newest(queryId, recordedAt - retention, recordedAt + retention).isPresent();
    }

    /** The newest that a click can refer to. */
    Optional<Impression> newest(String queryId, long clickedAt) {
        return newest(queryId, clickedAt - window.retention().toMillis(), clickedAt + JoinWindow.CLOCK_SKEW.toMillis());
    }

    private Optional<Impression> newest(String queryId, long from, long to) {
        Predicate<Impression> isBetween =
                impression -> impression.getRecordedAt() >= from && impression.getRecordedAt() <= to;
        for (long period : window.periods(from, to)) {
            Impressions found = store.fetch(queryId, period);
            Optional<Impression> newest = found == null
                    ? Optional.empty()
                    : found.getImpressions().stream()
                            .filter(isBetween)
                            .max(Comparator.comparingLong(Impression::getRecordedAt));
            if (newest.isPresent()) {
                return newest;
            }
        }
        return Optional.empty();
    }

    /** Adds one; of the same time it takes the place of another. */
    void add(String queryId, Impression impression) {
        long period = window.period(impression.getRecordedAt());
        Impressions before = store.fetch(queryId, period);
        List<Impression> impressions = new ArrayList<>(before == null ? List.of() : before.getImpressions());
        impressions.removeIf(other -> other.getRecordedAt() == impression.getRecordedAt());
        impressions.add(impression);
        impressions.sort(Comparator.comparingLong(Impression::getRecordedAt));
        while (impressions.size() > 1 && (impressions.size() > MOST || chars(impressions) > MOST_CHARS)) {
            impressions.remove(0);
        }
        store.put(queryId, new Impressions(impressions), period);
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
