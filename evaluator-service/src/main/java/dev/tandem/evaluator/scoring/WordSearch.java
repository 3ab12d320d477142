package dev.tandem.evaluator.scoring;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.index.Bm25Index;
import java.util.Map;
import java.util.Optional;

/** BM25 over the corpus: what answers before there is a champion, and the yardstick beside every model. */
public final class WordSearch implements AutoCloseable {
    private final Bm25Index index = new Bm25Index();
    private final PassageChanges changes = new PassageChanges();
    private volatile Corpus.Snapshot corpus = new Corpus.Snapshot(-1, Map.of());

    /** Takes in what was published since the last time; one thread calls it. */
    public void sync(Corpus.Snapshot current) {
        if (changes.isInStepWith(current)) {
            return;
        }
        changes.removed(current).forEach(index::remove);
        for (Passage passage : changes.missing(current)) {
            index.put(passage);
            changes.taken(passage);
        }
        changes.inStepWith(current);
        corpus = current;
    }

    public Ranking search(String query, int k) {
        return index.search(query, k);
    }

    public Optional<Passage> passage(String id) {
        return Optional.ofNullable(corpus.passages().get(id));
    }

    @Override
    public void close() {
        index.close();
    }
}
