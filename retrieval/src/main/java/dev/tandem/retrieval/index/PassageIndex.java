package dev.tandem.retrieval.index;

import dev.tandem.retrieval.Ranking;
import java.util.List;

/**
 * Finds passages by the dot product of their embeddings with a query's. All embeddings are one encoder's: who opens an index
 * sees to that.
 */
public interface PassageIndex extends AutoCloseable {
    /** Adds a passage, or replaces its embedding. */
    void put(String passageId, float[] embedding_D);

    /** Takes a passage out; one that is not there stays away. */
    void remove(String passageId);

    /**
     * The k passages with the largest dot product, for each query, as far as the index finds them.
     *
     * @param queries_BD query embeddings, (B, D)
     * @return B rankings in the order of the queries
     */
    List<Ranking> search(float[][] queries_BD, int k);

    /** Number of passages. */
    int size();

    @Override
    void close();
}
