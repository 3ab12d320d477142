package dev.tandem.miner.serving;

import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.index.ExactIndex;
import dev.tandem.retrieval.index.HnswIndex;
import dev.tandem.retrieval.index.PassageIndex;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * The embeddings of one checkpoint, searched as configured. What an approximate search finds is compared with an exact one now
 * and then. Searched by one thread; asked for its state by any.
 */
final class ServingIndex implements AutoCloseable {
    /** Searches from one comparison to the next: it takes as long as an exact search of a few queries. */
    private static final int SEARCHES_PER_SAMPLE = 20;

    private static final int SAMPLED_QUERIES = 4;
    /** Weight of the newest comparison; the older ones fade. */
    private static final double NEWEST = 0.2;

    private final IndexKind kind;
    private final String digest;
    private final PassageIndex index;
    private long searches;
    private volatile Double recall;

    private ServingIndex(IndexKind kind, String digest, PassageIndex index) {
        this.kind = kind;
        this.digest = digest;
        this.index = index;
    }

    /**
     * An empty index.
     *
     * @param digest of the checkpoint whose embeddings it is for
     */
    static ServingIndex open(IndexSettings settings, int dimension, String digest) {
        if (settings.kind() == IndexKind.EXACT) {
            return new ServingIndex(settings.kind(), digest, new ExactIndex(dimension));
        }
        Path own = graphs(settings.directory().orElseThrow())
                .resolve(UUID.randomUUID().toString());
        return new ServingIndex(settings.kind(), digest, new HnswIndex(dimension, own));
    }

    private static Path graphs(Path directory) {
        return directory.resolve("hnsw");
    }

    /** Deletes what a process that was killed has left; to be called before any index is opened. */
    static void discardLeftovers(IndexSettings settings) {
        settings.directory().ifPresent(directory -> HnswIndex.delete(graphs(directory)));
    }

    void put(String passageId, float[] embedding_D) {
        index.put(passageId, embedding_D);
    }

    void remove(String passageId) {
        index.remove(passageId);
    }

    List<Ranking> search(float[][] queries_BD, int k) {
        if (index instanceof HnswIndex hnsw && queries_BD.length > 0 && searches++ % SEARCHES_PER_SAMPLE == 0) {
            double measured = hnsw.recall(Arrays.copyOf(queries_BD, Math.min(SAMPLED_QUERIES, queries_BD.length)), k);
            recall = recall == null ? measured : recall + NEWEST * (measured - recall);
        }
        return index.search(queries_BD, k);
    }

    IndexState state(EmbeddingSources embeddings) {
        return new IndexState(
                kind.name().toLowerCase(Locale.ROOT),
                digest,
                kind == IndexKind.EXACT ? Double.valueOf(1) : recall,
                embeddings);
    }

    @Override
    public void close() {
        index.close();
    }
}
