package dev.tandem.evaluator.scoring;

import static java.util.Objects.requireNonNull;

import dev.tandem.retrieval.QueryKey;
import java.util.Map;

/**
 * A query that is never trained on, with its judgements.
 *
 * @param grades passage id to grade, at least one
 * @param fromClicks whether the grades were derived from clicks
 */
public record HeldOutQuery(QueryKey key, String text, Map<String, Integer> grades, boolean fromClicks) {
    public HeldOutQuery {
        requireNonNull(key, "key is null");
        requireNonNull(text, "text is null");
        grades = Map.copyOf(grades);
        if (grades.isEmpty()) {
            throw new IllegalArgumentException("Held-out query %s has no judgement".formatted(key));
        }
    }
}
