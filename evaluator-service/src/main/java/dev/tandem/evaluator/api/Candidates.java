package dev.tandem.evaluator.api;

import dev.tandem.evaluator.Evaluator;
import dev.tandem.evaluator.scoring.CheckpointModel;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Ranking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a checkpoint that has not embedded the corpus is asked to rank: what the champion's retriever and BM25 find. */
final class Candidates {
    private final Evaluator evaluator;

    Candidates(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    /** At most {@code depth} passages of either, each once. */
    List<Passage> of(String query, int depth) {
        Map<String, Passage> found = new LinkedHashMap<>();
        evaluator
                .models()
                .borrowChampion(champion -> retrieved(champion, query, depth))
                .ifPresent(passages -> passages.forEach(passage -> found.put(passage.id(), passage)));
        for (Ranking.Hit hit : evaluator.words().search(query, depth).hits()) {
            evaluator.words().passage(hit.passageId()).ifPresent(passage -> found.putIfAbsent(passage.id(), passage));
        }
        return new ArrayList<>(found.values());
    }

    private static List<Passage> retrieved(CheckpointModel champion, String query, int depth) {
        List<Passage> passages = new ArrayList<>();
        champion.retrieve(query, depth)
                .hits()
                .forEach(hit -> champion.passage(hit.passageId()).ifPresent(passages::add));
        return passages;
    }
}
