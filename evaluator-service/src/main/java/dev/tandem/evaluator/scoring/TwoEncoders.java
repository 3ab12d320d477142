package dev.tandem.evaluator.scoring;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.encoder.CrossEncoder;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.QueryPassage;
import dev.tandem.retrieval.index.ExactIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The encoders of one checkpoint as ranking uses them; whatever they give that is no number is a broken model. */
final class TwoEncoders implements AutoCloseable {
    private final DualEncoder retriever;
    private final CrossEncoder reranker;

    /** Both are closed with this; the re-ranker is null where it was not trained. */
    TwoEncoders(DualEncoder retriever, CrossEncoder reranker) {
        this.retriever = retriever;
        this.reranker = reranker;
    }

    DualEncoder retriever() {
        return retriever;
    }

    boolean isRerankerTrained() {
        return reranker != null;
    }

    /** (queries, dimension) */
    float[][] embed(List<String> queries) {
        float[][] queries_BD = retriever.encodeQueries(queries);
        for (float[] query_D : queries_BD) {
            EmbeddedCorpus.requireNumbers(query_D, "a query");
        }
        return queries_BD;
    }

    /** All of some passages in the retriever's order, each embedded for this one query. */
    Ranking retrieve(String query, List<Passage> among) {
        if (among.isEmpty()) {
            return Ranking.EMPTY;
        }
        float[][] passages_ND = retriever.encodePassages(among);
        for (int i = 0; i < passages_ND.length; i++) {
            EmbeddedCorpus.requireNumbers(
                    passages_ND[i], "passage " + among.get(i).id());
        }
        List<String> ids = among.stream().map(Passage::id).toList();
        return ExactIndex.of(ids, passages_ND)
                .search(embed(List.of(query)), among.size())
                .get(0);
    }

    /**
     * Adds the re-ranker's order and the fused one, where the re-ranker is trained.
     *
     * @param retrieved one ranking per query
     * @param depth passages re-ranked per query; of a passage without a text none is
     * @param spread is told what the re-ranker gave
     */
    List<StagedRanking> rerank(
            List<String> queries,
            List<Ranking> retrieved,
            int depth,
            Map<String, Passage> passages,
            ScoreSpread spread) {
        if (!isRerankerTrained()) {
            return retrieved.stream().map(StagedRanking::retrieved).toList();
        }
        List<Ranking> tops =
                retrieved.stream().map(r -> known(r.top(depth), passages)).toList();
        List<QueryPassage> pairs = new ArrayList<>();
        for (int i = 0; i < tops.size(); i++) {
            for (Ranking.Hit hit : tops.get(i).hits()) {
                pairs.add(new QueryPassage(queries.get(i), passages.get(hit.passageId())));
            }
        }
        return fused(retrieved, tops, reranker.score(pairs), spread);
    }

    /** A model that shares its embeddings may find a passage a moment before it knows its text. */
    private static Ranking known(Ranking ranking, Map<String, Passage> passages) {
        return new Ranking(ranking.hits().stream()
                .filter(hit -> passages.containsKey(hit.passageId()))
                .toList());
    }

    private static List<StagedRanking> fused(
            List<Ranking> retrieved, List<Ranking> tops, float[] logits, ScoreSpread spread) {
        EmbeddedCorpus.requireNumbers(logits, "a pair of query and passage");
        spread.add(logits);
        List<StagedRanking> ranked = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < retrieved.size(); i++) {
            int to = from + tops.get(i).size();
            ranked.add(StagedRanking.reranked(retrieved.get(i), tops.get(i), Arrays.copyOfRange(logits, from, to)));
            from = to;
        }
        return ranked;
    }

    @Override
    public void close() {
        retriever.close();
        if (reranker != null) {
            reranker.close();
        }
    }
}
