package dev.tandem.miner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.CandidateListMined;
import dev.tandem.events.Label;
import dev.tandem.events.LabelSource;
import dev.tandem.events.LabelledQuery;
import dev.tandem.events.Topics;
import dev.tandem.miner.mining.TrainingQuery;
import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.Candidate.Role;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.QueryKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MinedListsTest {
    private final LabelledQuery labelled = new LabelledQuery(
            QueryKey.of("query").value(),
            "q1",
            "query",
            List.of(
                    new Label("judged", 1, LabelSource.JUDGED),
                    new Label("refuted", 0, LabelSource.JUDGED),
                    new Label("clicked", 1, LabelSource.CLICKS),
                    new Label("refuted", 1, LabelSource.CLICKS)),
            false,
            Instant.ofEpochMilli(5));

    @Test
    void letsAJudgementOutweighClicks() {
        TrainingQuery query = MinedLists.query(labelled);

        assertEquals(List.of("clicked", "judged"), query.positives());
        assertEquals(List.of("refuted"), query.notRelevant());
    }

    @Test
    void saysWhereThePositiveComesFrom() {
        assertEquals(LabelSource.JUDGED, event(list("judged", "", 2)).getLabelSource());
        assertEquals(LabelSource.CLICKS, event(list("clicked", "", 2)).getLabelSource());
    }

    @Test
    void keepsTheLongestListWithinWhatATopicTakes() {
        String long3ByteText = "日".repeat(200_000);

        byte[] bytes = new Topics().candidateLists().write(event(list("judged", long3ByteText, 128)));

        assertTrue(bytes.length < Topics.MAX_EVENT_BYTES, bytes.length + " bytes");
    }

    private CandidateListMined event(CandidateList list) {
        return MinedLists.event(list, labelled, Instant.ofEpochMilli(9));
    }

    private CandidateList list(String positive, String text, int length) {
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(new Candidate(Role.POSITIVE, new Passage(positive, text, text), null, null, null));
        for (int i = 1; i < length; i++) {
            candidates.add(new Candidate(Role.RETRIEVED, new Passage("n" + i, text, text), 1f, i, null));
        }
        TrainingQuery query = MinedLists.query(labelled);
        return new CandidateList(
                query.key(),
                query.query(),
                CandidateList.Kind.UNDENOISED,
                candidates,
                "bm25",
                1,
                query.freshestFeedbackAt());
    }
}
