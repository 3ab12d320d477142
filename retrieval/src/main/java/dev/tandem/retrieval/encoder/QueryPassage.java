package dev.tandem.retrieval.encoder;

import static java.util.Objects.requireNonNull;

import dev.tandem.retrieval.Passage;

/** What a cross encoder scores: a query's text with one passage. */
public record QueryPassage(String query, Passage passage) {
    public QueryPassage {
        requireNonNull(query, "query is null");
        requireNonNull(passage, "passage is null");
    }
}
