package dev.tandem.miner;

import org.apache.kafka.streams.state.WindowStore;

/** Ids of clicks that came, for as long as they may come again. */
final class SeenClicks {
    private final WindowStore<String, Long> store;
    private final JoinWindow window;

    SeenClicks(WindowStore<String, Long> store, JoinWindow window) {
        this.store = store;
        this.window = window;
    }

    /** Notes an id; false where it is known, as far away in time as any is kept. */
    boolean add(String eventId, long clickedAt) {
        long retention = window.retention().toMillis();
        for (long period : window.periods(clickedAt - retention, clickedAt + retention)) {
            if (isSeen(store.fetch(eventId, period), clickedAt)) {
                return false;
            }
        }
        store.put(eventId, clickedAt, window.period(clickedAt));
        return true;
    }

    private boolean isSeen(Long at, long clickedAt) {
        return at != null && Math.abs(at - clickedAt) <= window.retention().toMillis();
    }
}
