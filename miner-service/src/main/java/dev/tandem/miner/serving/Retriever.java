package dev.tandem.miner.serving;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.Ranking;
import java.util.List;

/** An index of passages with what is needed to search it, and perhaps to judge what was found. */
public interface Retriever extends AutoCloseable {
    /** Checkpoint id, or {@link dev.tandem.retrieval.CandidateList#BM25}. */
    String id();

    /** Adds or replaces passages. */
    void put(List<Passage> passages);

    /** Takes a passage out. */
    void remove(String passageId);

    /** The top k passages of each query, in the order of the queries. */
    List<Ranking> search(List<Query> queries, int k);

    /** Whether there is a cross encoder that has learned something. */
    boolean canScore();

    /** Cross-encoder logits; only where {@link #canScore()}. */
    float[] score(List<Pair> pairs);

    /** The index that it searches; asked by any thread. */
    default IndexState index() {
        return IndexState.WORDS;
    }

    @Override
    void close();

    /** A query and a passage to be scored together. */
    record Pair(Query query, Passage passage) {}
}
