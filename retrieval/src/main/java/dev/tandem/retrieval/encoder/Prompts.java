package dev.tandem.retrieval.encoder;

import static java.util.Objects.requireNonNull;

import dev.tandem.retrieval.Passage;
import java.util.List;

/** What a model of sentence-transformers wants before a text; mostly nothing. */
record Prompts(String query, String passage) {
    Prompts {
        requireNonNull(query, "query is null");
        requireNonNull(passage, "passage is null");
    }

    List<String> queries(List<String> texts) {
        return texts.stream().map(text -> query + text).toList();
    }

    /** Each passage as one text. */
    List<String> passages(List<Passage> passages) {
        return passages.stream()
                .map(each -> passage + (each.title() + " " + each.text()).strip())
                .toList();
    }
}
