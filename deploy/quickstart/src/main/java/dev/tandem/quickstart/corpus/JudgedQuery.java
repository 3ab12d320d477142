package dev.tandem.quickstart.corpus;

import static java.util.Objects.requireNonNull;

import dev.tandem.retrieval.line.JsonLine;
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

    /** A grade as it stands in a file of judgements. */
    static int grade(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "expected a whole number as grade, got %s".formatted(JsonLine.shortened(text)), e);
        }
    }
}
