package dev.tandem.miner.serving;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.index.Bm25Index;
import java.util.List;

/** BM25: what there is before anything was learned. */
public final class WordRetriever implements Retriever {
    private final Bm25Index index = new Bm25Index();

    @Override
    public String id() {
        return CandidateList.BM25;
    }

    @Override
    public void put(List<Passage> passages) {
        passages.forEach(index::put);
    }

    @Override
    public void remove(String passageId) {
        index.remove(passageId);
    }

    @Override
    public List<Ranking> search(List<Query> queries, int k) {
        return queries.parallelStream()
                .map(query -> index.search(query.text(), k))
                .toList();
    }

    @Override
    public boolean canScore() {
        return false;
    }

    @Override
    public float[] score(List<Pair> pairs) {
        throw new UnsupportedOperationException("BM25 has no cross encoder; ask canScore() first");
    }

    @Override
    public void close() {
        index.close();
    }
}
