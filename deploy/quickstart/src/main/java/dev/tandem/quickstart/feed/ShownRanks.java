package dev.tandem.quickstart.feed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the newest queries of a file showed, for clicks that do not say at which rank they were made. */
final class ShownRanks {
    private static final int REMEMBERED = 100_000;

    private final Map<String, List<String>> shown = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<String>> eldest) {
            return size() > REMEMBERED;
        }
    };

    void remember(String queryId, List<String> passageIds) {
        shown.put(queryId, passageIds);
    }

    /**
     * The rank of a passage, 1 is the top.
     *
     * @throws IllegalArgumentException if the file has not shown it before
     */
    int rank(String queryId, String passageId) {
        int index = shown.getOrDefault(queryId, List.of()).indexOf(passageId);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "expected a rank, or before this line the query %s that shows passage %s, got neither; put queries and clicks into one file, in the order of their time"
                            .formatted(queryId, passageId));
        }
        return index + 1;
    }
}
