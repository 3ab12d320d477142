package dev.tandem.quickstart.corpus;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * A query with what is known to be relevant to it.
 *
 * @param grades passage id to grade; 1 and above is relevant
 */
public record JudgedQuery(String id, String text, Map<String, Integer> grades) {
    public JudgedQuery {
        requireNonNull(id, "id is null");
        requireNonNull(text, "text is null");
        grades = Map.copyOf(grades);
    }
}
