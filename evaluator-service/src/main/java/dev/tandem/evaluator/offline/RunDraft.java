package dev.tandem.evaluator.offline;

import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.Run;
import dev.tandem.retrieval.line.JsonLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run as it is read, hit by hit in any order; an id is held once however often it comes. */
final class RunDraft {
    private final Map<String, Map<String, Double>> scores = new LinkedHashMap<>();
    private final Map<String, String> passageIds = new HashMap<>();

    /** Adds a hit; a passage stands at most once in a ranking. */
    void add(String query, String passage, double score) {
        String id = passageIds.computeIfAbsent(passage, same -> same);
        if (scores.computeIfAbsent(query, q -> new HashMap<>()).putIfAbsent(id, score) != null) {
            throw new IllegalArgumentException("expected each passage once for a query, got %s again for query %s"
                    .formatted(JsonLine.shortened(passage), JsonLine.shortened(query)));
        }
    }

    /** A query that was asked, whether anything was found or not. */
    void answer(String query) {
        scores.putIfAbsent(query, new HashMap<>());
    }

    /** The run; the draft is empty after that. */
    Run run() {
        Map<String, Ranking> rankings = new HashMap<>();
        scores.forEach((query, ofQuery) -> {
            List<Ranking.Hit> hits = new ArrayList<>(ofQuery.size());
            ofQuery.forEach((passage, score) -> hits.add(new Ranking.Hit(passage, score)));
            ofQuery.clear(); // twice the memory at once is too much for a large run
            rankings.put(query, new Ranking(hits));
        });
        scores.clear();
        return new Run(rankings);
    }
}
