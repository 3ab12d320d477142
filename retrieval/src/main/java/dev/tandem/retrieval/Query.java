package dev.tandem.retrieval;

import static java.util.Objects.requireNonNull;

/** What a user asks. */
public record Query(String id, String text) {
    public Query {
        requireNonNull(id, "id is null");
        requireNonNull(text, "text is null");
    }
}
