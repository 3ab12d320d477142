package dev.tandem.evaluator.offline;

import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.evaluator.scoring.CheckpointModel;
import dev.tandem.evaluator.scoring.Corpus;
import dev.tandem.evaluator.scoring.Progress;
import dev.tandem.evaluator.scoring.StagedRanking;
import dev.tandem.evaluator.scoring.WordSearch;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.Run;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model, and BM25 beside it, rank for the queries of a collection.
 *
 * <p>Below the passages that were re-ranked stand the others as the retriever has them, so that every ranking is equally
 * long and recall means the same for all.
 */
public final class CollectionRun {
    private final Corpus.Snapshot corpus;
    private final int depth;
    private final int rerankDepth;

    /**
     * @param depth passages retrieved per query
     * @param rerankDepth passages re-ranked per query, where there is a re-ranker
     */
    public CollectionRun(Collection<Passage> passages, int depth, int rerankDepth) {
        Map<String, Passage> byId = new LinkedHashMap<>();
        passages.forEach(passage -> byId.put(passage.id(), passage));
        this.corpus = new Corpus.Snapshot(0, byId);
        this.depth = depth;
        this.rerankDepth = rerankDepth;
    }

    /**
     * Ranks them.
     *
     * @param queries texts by id
     */
    public Map<RankingKind, Run> of(CheckpointModel model, Map<String, String> queries, Progress progress) {
        model.sync(corpus, progress);
        List<String> ids = new ArrayList<>(queries.keySet());
        List<StagedRanking> ranked = model.rank(new ArrayList<>(queries.values()), depth, rerankDepth, progress);
        Map<RankingKind, Map<String, Ranking>> rankings = new EnumMap<>(RankingKind.class);
        rankings.put(RankingKind.BM25, words(queries));
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            Map<RankingKind, Ranking> stages = ranked.get(i).stages();
            Ranking retrieved = stages.get(RankingKind.RETRIEVER);
            stages.forEach((kind, ranking) -> rankings.computeIfAbsent(kind, k -> new HashMap<>())
                    .put(id, kind == RankingKind.RETRIEVER ? ranking : continued(ranking, retrieved)));
        }
        Map<RankingKind, Run> runs = new EnumMap<>(RankingKind.class);
        rankings.forEach((kind, ofKind) -> runs.put(kind, new Run(ofKind)));
        return runs;
    }

    private Map<String, Ranking> words(Map<String, String> queries) {
        Map<String, Ranking> rankings = new HashMap<>();
        try (WordSearch words = new WordSearch()) {
            words.sync(corpus);
            queries.forEach((id, text) -> rankings.put(id, words.search(text, depth)));
        }
        return rankings;
    }

    private static Ranking continued(Ranking reordered, Ranking retrieved) {
        List<Ranking.Hit> hits = new ArrayList<>(reordered.hits());
        double score = hits.isEmpty() ? 0 : hits.get(hits.size() - 1).score();
        for (Ranking.Hit rest : retrieved.hits().subList(reordered.size(), retrieved.size())) {
            hits.add(new Ranking.Hit(rest.passageId(), --score));
        }
        return new Ranking(hits);
    }
}
