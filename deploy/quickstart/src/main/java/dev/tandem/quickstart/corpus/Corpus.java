package dev.tandem.quickstart.corpus;

import dev.tandem.retrieval.Passage;
import java.util.List;

/**
 * Passages, and queries with judgements in two parts that share no query.
 *
 * @param train may be trained on
 * @param heldOut never trained on
 */
public record Corpus(List<Passage> passages, List<JudgedQuery> train, List<JudgedQuery> heldOut) {
    public Corpus {
        passages = List.copyOf(passages);
        train = List.copyOf(train);
        heldOut = List.copyOf(heldOut);
    }
}
