package dev.tandem.miner.mining;

import dev.tandem.miner.denoising.Denoising;
import dev.tandem.miner.serving.Corpus;
import dev.tandem.miner.serving.Retriever;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import dev.tandem.retrieval.Ranking;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the hybrid candidate lists of RocketQAv2 (Ren et al., 2021, section 3.3): undenoised ones with negatives as
 * retrieved, and denoised ones with what the cross encoder confirms.
 *
 * <p>Many queries are searched in one call and many pairs scored in one call.
 */
public final class CandidateListMiner {
    private final MiningSettings settings;

    public CandidateListMiner(MiningSettings settings) {
        this.settings = settings;
    }

    /**
     * The lists of some queries. Of a query without a label, one list if the retriever can score and the query is drawn: before
     * that nobody learns from it.
     *
     * @param retriever searches, and scores if it can; the lists carry its id
     * @param corpus texts of the passages
     * @return for each query one undenoised list and, if the retriever can score, one denoised; none for a query whose positives
     *     are not in the corpus
     */
    public List<CandidateList> mine(Retriever retriever, Corpus corpus, List<TrainingQuery> queries) {
        List<TrainingQuery> minable = queries.stream()
                .filter(query -> query.isLabelled()
                        ? query.positives().stream().anyMatch(corpus::contains)
                        : retriever.canScore() && minesWithoutLabel(query.key()))
                .toList();
        if (minable.isEmpty()) {
            return List.of();
        }
        List<Query> texts = minable.stream().map(TrainingQuery::query).toList();
        List<Ranking> rankings = retriever.search(texts, settings.retrieveDepth());
        List<Map<String, Float>> relevances = relevances(retriever, corpus, minable, rankings);
        List<CandidateList> lists = new ArrayList<>();
        for (int i = 0; i < minable.size(); i++) {
            ListDraft draft =
                    new ListDraft(settings, corpus, retriever.id(), minable.get(i), rankings.get(i), relevances.get(i));
            if (!minable.get(i).isLabelled()) {
                draft.unlabelled().ifPresent(lists::add);
                continue;
            }
            draft.undenoised().ifPresent(lists::add);
            if (retriever.canScore()) {
                draft.denoised().ifPresent(lists::add);
            }
        }
        return lists;
    }

    /** Whether a list of a query is made although it has no label. */
    public boolean minesWithoutLabel(QueryKey query) {
        return query.isMinedUnlabelled(settings.unlabelledShare());
    }

    /** Relevance by passage id of each query's top m and of its labelled positives; empty maps without a re-ranker. */
    private List<Map<String, Float>> relevances(
            Retriever retriever, Corpus corpus, List<TrainingQuery> queries, List<Ranking> rankings) {
        List<Map<String, Float>> relevances = new ArrayList<>();
        queries.forEach(query -> relevances.add(new HashMap<>()));
        if (!retriever.canScore()) {
            return relevances;
        }
        List<Retriever.Pair> pairs = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            TrainingQuery query = queries.get(i);
            if (!query.isLabelled()) {
                continue; // nothing in its list has to be confirmed
            }
            Set<String> scored = new LinkedHashSet<>(
                    rankings.get(i).top(settings.rerankDepth()).passageIds());
            scored.addAll(query.positives());
            for (String passageId : scored) {
                if (corpus.contains(passageId)) {
                    pairs.add(new Retriever.Pair(
                            query.query(), corpus.find(passageId).orElseThrow()));
                    owners.add(i);
                }
            }
        }
        float[] logits = retriever.score(pairs);
        for (int p = 0; p < logits.length; p++) {
            relevances.get(owners.get(p)).put(pairs.get(p).passage().id(), Denoising.relevance(logits[p]));
        }
        return relevances;
    }
}
