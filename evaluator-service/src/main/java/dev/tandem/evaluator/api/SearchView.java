package dev.tandem.evaluator.api;

import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Ranking;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The answer to a search.
 *
 * @param servedBy checkpoint id, or bm25
 * @param orderedBy bm25, retriever, or where a trained re-ranker took part reranker or fused
 * @param candidates how many passages it ranked, which the champion's retriever and BM25 had found because it has not
 *     embedded the corpus; null where it has searched all
 */
public record SearchView(String servedBy, String orderedBy, Integer candidates, long tookMillis, List<Hit> hits) {
    /**
     * One passage.
     *
     * @param score what it is ordered by
     * @param retrieverScore score of what retrieved it: dot product, or BM25
     * @param retrieverRank its rank before re-ranking
     * @param rerankerScore the cross encoder's logit, null where it was not asked
     * @param rerankerRank its rank by that alone, null where it was not asked
     */
    public record Hit(
            int rank,
            String passageId,
            String title,
            String text,
            double score,
            double retrieverScore,
            int retrieverRank,
            Double rerankerScore,
            Integer rerankerRank) {}

    /** One place in a ranking. */
    private record Place(int rank, double score) {}

    /** The hits of the ranking that is shown, with their places in the others. */
    static List<Hit> hits(
            Map<RankingKind, Ranking> stages, Ranking shown, Function<String, Optional<Passage>> passages) {
        Map<String, Place> retrieved = places(stages.get(RankingKind.RETRIEVER));
        Map<String, Place> reranked = places(stages.getOrDefault(RankingKind.RERANKER, Ranking.EMPTY));
        List<Hit> hits = new ArrayList<>();
        for (Ranking.Hit hit : shown.hits()) {
            Place retriever = retrieved.get(hit.passageId());
            Optional<Place> reranker = Optional.ofNullable(reranked.get(hit.passageId()));
            passages.apply(hit.passageId())
                    .ifPresent(passage -> hits.add(new Hit(
                            hits.size() + 1,
                            passage.id(),
                            passage.title(),
                            passage.text(),
                            hit.score(),
                            retriever.score(),
                            retriever.rank(),
                            reranker.map(Place::score).orElse(null),
                            reranker.map(Place::rank).orElse(null))));
        }
        return hits;
    }

    private static Map<String, Place> places(Ranking ranking) {
        Map<String, Place> places = new HashMap<>();
        for (Ranking.Hit hit : ranking.hits()) {
            places.put(hit.passageId(), new Place(places.size() + 1, hit.score()));
        }
        return places;
    }
}
