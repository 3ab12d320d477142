package dev.tandem.quickstart.ablation;

import dev.tandem.evaluator.metric.JudgedRanking;
import dev.tandem.evaluator.scoring.StagedRanking;
import dev.tandem.miner.serving.Retriever;
import dev.tandem.quickstart.corpus.JudgedQuery;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.CrossEncoder;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.QueryPassage;
import dev.tandem.retrieval.index.ExactIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A pair of models with the corpus embedded by its retriever: mines lists as a champion does, and is measured. */
final class RankingModels implements Retriever {
    private static final int PASSAGES_PER_CALL = 512;
    private static final int QUERIES_PER_CALL = 16;
    private static final int DEPTH = 50; // recall looks no deeper

    private final String id;
    private final DualEncoder retriever;
    private final CrossEncoder reranker;
    private final boolean canScore;
    private final ExactIndex index;
    private final Map<String, Passage> passages = new HashMap<>();

    private RankingModels(String id, DualEncoder retriever, CrossEncoder reranker, boolean canScore) {
        this.id = id;
        this.retriever = retriever;
        this.reranker = reranker;
        this.canScore = canScore;
        this.index = new ExactIndex(retriever.dimension());
    }

    /**
     * Opens a pair; the index is empty.
     *
     * @param id names the pair in the lists it mines
     * @param canScore whether its re-ranker may be asked when lists are mined
     */
    static RankingModels open(String id, Path directory, boolean canScore, Compute compute) {
        DualEncoder retriever = DualEncoder.open(directory, compute);
        try {
            return new RankingModels(id, retriever, CrossEncoder.open(directory, compute), canScore);
        } catch (RuntimeException | Error e) {
            retriever.close();
            throw e;
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void put(List<Passage> more) {
        for (int from = 0; from < more.size(); from += PASSAGES_PER_CALL) {
            List<Passage> part = more.subList(from, Math.min(more.size(), from + PASSAGES_PER_CALL));
            float[][] embeddings_ND = retriever.encodePassages(part);
            for (int i = 0; i < embeddings_ND.length; i++) {
                index.put(part.get(i).id(), embeddings_ND[i]);
                passages.put(part.get(i).id(), part.get(i));
            }
        }
    }

    @Override
    public void remove(String passageId) {
        index.remove(passageId);
        passages.remove(passageId);
    }

    @Override
    public List<Ranking> search(List<Query> queries, int k) {
        return index.search(
                retriever.encodeQueries(queries.stream().map(Query::text).toList()), k);
    }

    @Override
    public boolean canScore() {
        return canScore;
    }

    @Override
    public float[] score(List<Pair> pairs) {
        return reranker.score(pairs.stream()
                .map(pair -> new QueryPassage(pair.query().text(), pair.passage()))
                .toList());
    }

    /**
     * Values of queries, in their order.
     *
     * @param rerankDepth passages the re-ranker orders
     * @param everyQuery told of each, to show progress
     */
    Map<Measure, double[]> measure(List<JudgedQuery> queries, int rerankDepth, Runnable everyQuery) {
        Map<Measure, double[]> values = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            values.put(measure, new double[queries.size()]);
        }
        for (int from = 0; from < queries.size(); from += QUERIES_PER_CALL) {
            List<JudgedQuery> part = queries.subList(from, Math.min(queries.size(), from + QUERIES_PER_CALL));
            measure(part, from, rerankDepth, values);
            part.forEach(query -> everyQuery.run());
        }
        return values;
    }

    private void measure(List<JudgedQuery> queries, int first, int rerankDepth, Map<Measure, double[]> values) {
        List<Query> texts = queries.stream()
                .map(query -> new Query(query.id(), query.text()))
                .toList();
        List<Ranking> retrieved = search(texts, Math.max(DEPTH, rerankDepth));
        List<StagedRanking> ranked = reranked(texts, retrieved, rerankDepth);
        for (int i = 0; i < queries.size(); i++) {
            for (Measure measure : Measure.values()) {
                Ranking ranking = ranked.get(i).stages().get(measure.kind());
                values.get(measure)[first + i] = measure.metric()
                        .of(JudgedRanking.of(ranking, queries.get(i).grades()));
            }
        }
    }

    private List<StagedRanking> reranked(List<Query> queries, List<Ranking> retrieved, int depth) {
        List<Ranking> tops =
                retrieved.stream().map(ranking -> ranking.top(depth)).toList();
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            for (String passage : tops.get(i).passageIds()) {
                pairs.add(new Pair(queries.get(i), passages.get(passage)));
            }
        }
        float[] logits = score(pairs);
        List<StagedRanking> ranked = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < queries.size(); i++) {
            int to = from + tops.get(i).size();
            ranked.add(StagedRanking.reranked(retrieved.get(i), tops.get(i), Arrays.copyOfRange(logits, from, to)));
            from = to;
        }
        return ranked;
    }

    @Override
    public void close() {
        retriever.close();
        reranker.close();
    }
}
