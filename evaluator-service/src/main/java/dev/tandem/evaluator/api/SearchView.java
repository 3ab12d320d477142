package dev.tandem.evaluator.api;

import java.util.List;

/**
 * The answer to a search.
 *
 * @param servedBy checkpoint id, or bm25
 * @param orderedBy bm25, retriever, or fused where a trained re-ranker took part
 */
public record SearchView(String servedBy, String orderedBy, long tookMillis, List<Hit> hits) {
    /**
     * One passage.
     *
     * @param score what it is ordered by
     * @param retrieverScore score of what retrieved it: dot product, or BM25
     * @param retrieverRank its rank before re-ranking
     * @param rerankerScore the cross encoder's logit, null where it was not asked
     */
    public record Hit(
            int rank,
            String passageId,
            String title,
            String text,
            double score,
            double retrieverScore,
            int retrieverRank,
            Double rerankerScore) {}
}
