package dev.tandem.miner.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.miner.mining.TrainingQuery;
import dev.tandem.miner.serving.Corpus;
import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.Candidate.Role;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.CandidateList.Kind;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HiddenPositivesTest {
    private final Corpus corpus = new Corpus();

    @Test
    void countsWhatWasHiddenAmongNegativesAndPseudoPositives() {
        List.of("a", "b", "c", "d").forEach(id -> corpus.put(new Passage(id, "", "text " + id)));
        TrainingQuery several = query("several", List.of("a", "b", "gone"));
        TrainingQuery one = query("one", List.of("a", "gone"));

        HiddenPositives hidden = new HiddenPositives(List.of(several, one), corpus, 10, 1);
        hidden.add(list(several, Kind.UNDENOISED, Role.POSITIVE, "a", "b", "c"));
        hidden.add(list(several, Kind.DENOISED, Role.PSEUDO_POSITIVE, "b", "c", "d"));

        assertEquals(List.of(query("several", List.of("a"))), hidden.queries());
        assertEquals(0.5, hidden.falseNegativeShare(Kind.UNDENOISED));
        assertEquals(0, hidden.falseNegativeShare(Kind.DENOISED));
        assertTrue(hidden.text().contains("undenoised: 1 of 2 negatives are relevant (50.00 %)"), hidden.text());
        assertTrue(hidden.text().endsWith("1 of 1 pseudo-positives are known to be"), hidden.text());
    }

    @Test
    void reportsQuantilesBeyondWhatItKeeps() {
        ScoreSample sample = new ScoreSample();
        IntStream.range(0, 100_000).forEach(i -> sample.add(i / 100_000f));
        sample.add(null);

        assertEquals(0.1, sample.quantile(0.1), 0.02);
        assertEquals(0.9, sample.quantile(0.9), 0.02);
    }

    private static TrainingQuery query(String text, List<String> positives) {
        return new TrainingQuery(QueryKey.of(text), new Query(text, text), positives, List.of(), Instant.EPOCH);
    }

    private static CandidateList list(TrainingQuery query, Kind kind, Role first, String positive, String... others) {
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(candidate(first, positive));
        List.of(others).forEach(id -> candidates.add(candidate(Role.RETRIEVED, id)));
        return new CandidateList(query.key(), query.query(), kind, candidates, "bm25", 1, Instant.EPOCH);
    }

    private static Candidate candidate(Role role, String id) {
        return new Candidate(role, new Passage(id, "", "text " + id), null, null, null);
    }
}
