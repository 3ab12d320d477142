package dev.tandem.retrieval;

import java.util.Map;

/** Rankings of many queries, by query id. */
public record Run(Map<String, Ranking> rankings) {
    public Run {
        rankings = Map.copyOf(rankings);
    }
}
