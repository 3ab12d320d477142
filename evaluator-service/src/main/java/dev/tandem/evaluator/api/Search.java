package dev.tandem.evaluator.api;

import dev.tandem.evaluator.Evaluator;
import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.evaluator.scoring.CheckpointModel;
import dev.tandem.evaluator.scoring.Progress;
import dev.tandem.evaluator.scoring.StagedRanking;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Ranking;
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

    /**
     * What is searched for.
     *
     * @param k passages wanted
     * @param stage by what they shall be ordered; empty for what is served, which is fused where the re-ranker is trained
     */
    record Question(String query, int k, Optional<RankingKind> stage) {}

    private final Evaluator evaluator;
    private final long begun = System.nanoTime();

    /** For one search, whose time runs from here. */
    Search(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    /**
     * The champion's best. BM25 answers for a champion that there is not, or that has not embedded the corpus yet after a
     * restart; the view says so.
     */
    SearchView champion(Question question) {
        return evaluator
                .models()
                .borrowChampion(model ->
                        Optional.of(model).filter(ready -> ready.passages() > 0).map(ready -> ask(ready, question)))
                .flatMap(Function.identity())
                .orElseGet(() -> words(question));
    }

    SearchView words(Question question) {
        Ranking ranking = evaluator.words().search(question.query(), question.k());
        Map<RankingKind, Ranking> stages = Map.of(RankingKind.RETRIEVER, ranking);
        List<SearchView.Hit> hits = SearchView.hits(stages, ranking, evaluator.words()::passage);
        return new SearchView(BM25, BM25, null, millis(), hits);
    }

    /** The best of any model: of the whole corpus where it is embedded, else of what champion and BM25 find. */
    SearchView ask(CheckpointModel model, Question question) {
        int depth = depth(question);
        if (model.passages() == 0) {
            List<Passage> candidates = new Candidates(evaluator).of(question.query(), depth);
            StagedRanking ranked = model.rankAmong(question.query(), candidates, depth);
            return view(model.id(), candidates.size(), ranked, question, evaluator.words()::passage);
        }
        StagedRanking ranked = model.rank(List.of(question.query()), depth, depth, Progress.UNWATCHED)
                .get(0);
        return view(model.id(), null, ranked, question, model::passage);
    }

    private int depth(Question question) {
        return Math.max(question.k(), evaluator.rerankDepth());
    }

    private SearchView view(
            String id,
            Integer candidates,
            StagedRanking ranked,
            Question question,
            Function<String, Optional<Passage>> passages) {
        Map<RankingKind, Ranking> stages = ranked.stages();
        RankingKind served = stages.containsKey(RankingKind.FUSED) ? RankingKind.FUSED : RankingKind.RETRIEVER;
        RankingKind shown = question.stage().filter(stages::containsKey).orElse(served);
        List<SearchView.Hit> hits = SearchView.hits(stages, stages.get(shown).top(question.k()), passages);
        return new SearchView(id, shown.spec(), candidates, millis(), hits);
    }

    private long millis() {
        return (System.nanoTime() - begun) / 1_000_000;
    }
}
