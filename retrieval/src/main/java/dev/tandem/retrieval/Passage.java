package dev.tandem.retrieval;

import static java.util.Objects.requireNonNull;

/** The unit retrieved. The title may be empty. */
public record Passage(String id, String title, String text) {
    public Passage {
        requireNonNull(id, "id is null");
        requireNonNull(title, "title is null");
        requireNonNull(text, "text is null");
    }
}
