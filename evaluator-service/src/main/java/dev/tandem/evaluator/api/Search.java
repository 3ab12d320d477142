package dev.tandem.evaluator.api;

import dev.tandem.evaluator.Evaluator;
import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.evaluator.scoring.CheckpointModel;
import dev.tandem.evaluator.scoring.Progress;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Ranking;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Answers a query as the champion serves it: retrieved, re-ranked where its re-ranker is trained, and fused. */
final class Search {
    static final String CHAMPION = "champion";
    static final String CHALLENGER = "challenger";
    static final String BM25 = "bm25";
    static final List<String> ENGINES = List.of(CHAMPION, CHALLENGER, BM25);

    private final Evaluator evaluator;

    Search(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    /**
     * The best k; empty where the challenger is asked and there is none. BM25 answers for a champion that there is not, or
     * that has not embedded the corpus yet after a restart; the view says so.
     */
    Optional<SearchView> run(String engine, String query, int k) {
        long begun = System.nanoTime();
        return switch (engine) {
            case BM25 -> Optional.of(words(query, k, begun));
            case CHALLENGER -> evaluator.models().borrowChallenger(model -> ask(model, query, k, begun));
            default ->
                evaluator
                        .models()
                        .borrowChampion(model -> Optional.of(model)
                                .filter(ready -> ready.passages() > 0)
                                .map(ready -> ask(ready, query, k, begun)))
                        .flatMap(Function.identity())
                        .or(() -> Optional.of(words(query, k, begun)));
        };
    }

    private SearchView words(String query, int k, long begun) {
        Ranking ranking = evaluator.words().search(query, k);
        Map<RankingKind, Ranking> stages = Map.of(RankingKind.RETRIEVER, ranking);
        return new SearchView(BM25, BM25, millisSince(begun), hits(stages, ranking, evaluator.words()::passage));
    }

    private SearchView ask(CheckpointModel model, String query, int k, long begun) {
        int depth = Math.max(k, evaluator.rerankDepth());
        Map<RankingKind, Ranking> stages = model.rank(List.of(query), depth, depth, Progress.UNWATCHED)
                .get(0)
                .stages();
        RankingKind served = stages.containsKey(RankingKind.FUSED) ? RankingKind.FUSED : RankingKind.RETRIEVER;
        List<SearchView.Hit> hits = hits(stages, stages.get(served).top(k), model::passage);
        return new SearchView(model.id(), served.spec(), millisSince(begun), hits);
    }

    private static long millisSince(long begun) {
        return (System.nanoTime() - begun) / 1_000_000;
    }

    private static List<SearchView.Hit> hits(
            Map<RankingKind, Ranking> stages, Ranking served, Function<String, Optional<Passage>> passages) {
        List<Ranking.Hit> retrieved = stages.get(RankingKind.RETRIEVER).hits();
        Map<String, Integer> ranks = new HashMap<>();
        for (int i = 0; i < retrieved.size(); i++) {
            ranks.put(retrieved.get(i).passageId(), i + 1);
        }
        Map<String, Double> rerankerScores = new HashMap<>();
        Optional.ofNullable(stages.get(RankingKind.RERANKER))
                .ifPresent(r -> r.hits().forEach(hit -> rerankerScores.put(hit.passageId(), hit.score())));
        List<SearchView.Hit> hits = new ArrayList<>();
        for (Ranking.Hit hit : served.hits()) {
            int rank = ranks.get(hit.passageId());
            passages.apply(hit.passageId())
                    .ifPresent(passage -> hits.add(new SearchView.Hit(
                            hits.size() + 1,
                            passage.id(),
                            passage.title(),
                            passage.text(),
                            hit.score(),
                            retrieved.get(rank - 1).score(),
                            rank,
                            rerankerScores.get(hit.passageId()))));
        }
        return hits;
    }
}
