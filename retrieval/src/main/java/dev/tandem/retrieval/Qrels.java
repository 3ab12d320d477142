package dev.tandem.retrieval;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Relevance judgements: query id to passage id to grade.
 *
 * <p>A grade of 1 or more is relevant, more is better; 0 and less is judged not relevant.
 */
public record Qrels(Map<String, Map<String, Integer>> grades) {
    public Qrels {
        Map<String, Map<String, Integer>> copy = new LinkedHashMap<>();
        grades.forEach((query, judged) -> copy.put(query, Map.copyOf(judged)));
        grades = java.util.Collections.unmodifiableMap(copy);
    }
}
