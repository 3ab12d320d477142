package dev.tandem.evaluator.scoring;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.index.ContentKey;
import dev.tandem.retrieval.index.EmbeddingFile;
import dev.tandem.retrieval.index.ExactIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The corpus as one retriever embeds it. One thread keeps it in step; any may search it, or write it to a file. */
final class EmbeddedCorpus {
    /** Passages encoded per call: enough to fill buckets of equal length, few enough to show progress. */
    private static final int PASSAGES_PER_CALL = 512;
    /** Two embeddings closer than this in every dimension are the same. */
    private static final float SAME = 1e-6f;

    private final ExactIndex index;
    private final PassageChanges changes = new PassageChanges();
    private float[] first_D;
    private boolean anyDiffers;

    EmbeddedCorpus(int dimension) {
        this.index = new ExactIndex(dimension);
    }

    /**
     * Embeds what is new or changed, and drops what is gone.
     *
     * @param encoder passages to embeddings, (N, D)
     */
    void sync(Corpus.Snapshot corpus, Function<List<Passage>, float[][]> encoder, Progress progress) {
        if (changes.isInStepWith(corpus)) {
            return;
        }
        drop(corpus);
        List<Passage> missing = changes.missing(corpus);
        progress.begin("embedding %,d passages".formatted(missing.size()), missing.size());
        for (int from = 0; from < missing.size(); from += PASSAGES_PER_CALL) {
            List<Passage> part = missing.subList(from, Math.min(missing.size(), from + PASSAGES_PER_CALL));
            add(part, encoder.apply(part));
            progress.done(part.size());
        }
        changes.inStepWith(corpus);
    }

    int missing(Corpus.Snapshot corpus) {
        return changes.isInStepWith(corpus) ? 0 : changes.missing(corpus).size();
    }

    private synchronized void drop(Corpus.Snapshot corpus) {
        changes.removed(corpus).forEach(index::remove);
    }

    private synchronized void add(List<Passage> passages, float[][] embeddings_ND) {
        for (int i = 0; i < embeddings_ND.length; i++) {
            Passage passage = passages.get(i);
            requireNumbers(embeddings_ND[i], "passage " + passage.id());
            watchForCollapse(embeddings_ND[i]);
            index.put(passage.id(), embeddings_ND[i]);
            changes.taken(passage);
        }
    }

    /** Writes what is embedded now, few embeddings at a time; what changes meanwhile may be missing. */
    void write(Path file, String space) throws IOException {
        List<Passage> passages = held();
        try (EmbeddingFile written = EmbeddingFile.open(file, space, index.dimension())) {
            for (int from = 0; from < passages.size(); from += PASSAGES_PER_CALL) {
                written.add(embeddings(passages.subList(from, Math.min(passages.size(), from + PASSAGES_PER_CALL))));
            }
        }
    }

    private synchronized List<Passage> held() {
        return changes.held();
    }

    private synchronized Map<ContentKey, float[]> embeddings(List<Passage> passages) {
        Map<ContentKey, float[]> embeddings = new LinkedHashMap<>();
        for (Passage passage : passages) {
            if (changes.holds(passage)) {
                index.embedding(passage.id())
                        .ifPresent(embedding_D -> embeddings.put(ContentKey.of(passage), embedding_D));
            }
        }
        return embeddings;
    }

    static void requireNumbers(float[] values, String whose) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new BrokenModelException(
                        "Its output for %s holds %s. Training has diverged: lower the learning rate and go back to an earlier checkpoint."
                                .formatted(whose, value));
            }
        }
    }

    private void watchForCollapse(float[] embedding_D) {
        if (first_D == null) {
            first_D = embedding_D;
        }
        for (int d = 0; d < embedding_D.length && !anyDiffers; d++) {
            anyDiffers = Math.abs(embedding_D[d] - first_D[d]) > SAME;
        }
    }

    /** Whether all passages, two and more, have the same embedding. */
    boolean isCollapsed() {
        return index.size() > 1 && !anyDiffers;
    }

    List<Ranking> search(float[][] queries_BD, int k) {
        return index.search(queries_BD, k);
    }

    int size() {
        return index.size();
    }
}
