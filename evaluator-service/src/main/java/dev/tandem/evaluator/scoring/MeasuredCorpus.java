package dev.tandem.evaluator.scoring;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Ranking;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The passages on which checkpoints are measured: the corpus, or, where that is larger than configured, an {@link EvaluationPool} of
 * it. A pool is chosen for a comparison and stays until the next one, so that challenger and champion are measured on the same. Used by
 * one thread.
 */
public final class MeasuredCorpus implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MeasuredCorpus.class);

    /** What a pool was chosen by: with the same again it would be the same. */
    private record Basis(long corpusVersion, HeldOutQueries.Snapshot heldOut, String champion) {}

    private final Corpus corpus;
    private final HeldOutQueries heldOut;
    private final WordSearch words;
    private final WordSearch wordsOfPool = new WordSearch();
    private final int size;
    private final int depth;
    private Basis basis;
    private int corpusSize;
    /** Its version is below -1, where no version of a corpus is. */
    private Corpus.Snapshot pool = new Corpus.Snapshot(-2, Map.of());

    /**
     * Nothing is chosen yet.
     *
     * @param words BM25 over the whole corpus
     * @param size most passages, 0 for all
     * @param depth passages of each held-out query that BM25 and the champion bring into a pool; 1 to 1000
     */
    public MeasuredCorpus(Corpus corpus, HeldOutQueries heldOut, WordSearch words, int size, int depth) {
        if (size < 0) {
            throw new IllegalArgumentException("Expected evaluator.pool to be 0 (all passages) or more, got " + size);
        }
        if (depth < 1 || depth > Measuring.DEPTH) {
            throw new IllegalArgumentException(
                    "Expected evaluator.pool-depth to be 1 to %d, got %d".formatted(Measuring.DEPTH, depth));
        }
        this.corpus = corpus;
        this.heldOut = heldOut;
        this.words = words;
        this.size = size;
        this.depth = depth;
    }

    /** What the next comparison, on these queries, is measured on; chosen anew where anything has changed. */
    public Corpus.Snapshot choose(HeldOutQueries.Snapshot queries, Optional<CheckpointModel> champion) {
        Corpus.Snapshot all = corpus.snapshot();
        if (isMeasuredWhole(all)) {
            return all;
        }
        Basis now = new Basis(
                all.version(), queries, champion.map(CheckpointModel::id).orElse(null));
        if (!now.equals(basis)) {
            choose(all, now, champion);
            basis = now;
        }
        return pool;
    }

    private boolean isMeasuredWhole(Corpus.Snapshot all) {
        return size == 0 || all.passages().size() <= size;
    }

    private void choose(Corpus.Snapshot all, Basis now, Optional<CheckpointModel> champion) {
        List<HeldOutQuery> queries = new ArrayList<>(now.heldOut().gate());
        queries.addAll(now.heldOut().report());
        List<String> texts = queries.stream().map(HeldOutQuery::text).toList();
        words.sync(all);
        corpusSize = all.passages().size();
        List<Ranking> found = new ArrayList<>();
        found.addAll(
                texts.parallelStream().map(text -> words.search(text, depth)).toList());
        champion.ifPresent(model -> found.addAll(model.retrieve(texts, depth)));
        Set<String> ids = EvaluationPool.choose(all.passages(), queries, found, size);
        Map<String, Passage> passages = new LinkedHashMap<>(all.passages());
        passages.keySet().retainAll(ids);
        if (!passages.equals(pool.passages())) {
            pool = new Corpus.Snapshot(pool.version() - 1, Collections.unmodifiableMap(passages));
            LOG.info(
                    "Checkpoints are measured on a pool passages={} corpus={} queries={}",
                    passages.size(),
                    all.passages().size(),
                    queries.size());
        }
    }

    /** What the last comparison was measured on; where all passages are, those that there are now. */
    public Corpus.Snapshot latest() {
        Corpus.Snapshot all = corpus.snapshot();
        if (isMeasuredWhole(all)) {
            return all;
        }
        return basis == null ? choose(heldOut.snapshot(), Optional.empty()) : pool;
    }

    /** Whether passages that were {@link #choose chosen} are a pool. */
    public boolean isPool(Corpus.Snapshot chosen) {
        return chosen.equals(pool);
    }

    /** Passages in the corpus when the pool was chosen. */
    public int corpusSize() {
        return corpusSize;
    }

    /** How a pool is chosen, in words. */
    public String rule() {
        return EvaluationPool.rule(depth);
    }

    /** BM25 over chosen passages. */
    public WordSearch words(Corpus.Snapshot chosen) {
        return isPool(chosen) ? wordsOfPool : words;
    }

    @Override
    public void close() {
        wordsOfPool.close();
    }
}
