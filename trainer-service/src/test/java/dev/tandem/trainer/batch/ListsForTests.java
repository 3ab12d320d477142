package dev.tandem.trainer.batch;

import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.Candidate.Role;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Small candidate lists: query n has positive p<n> and negatives of its own. */
final class ListsForTests {
    private ListsForTests() {}

    static CandidateList list(int number, int length) {
        return list(number, length, CandidateList.Kind.UNDENOISED);
    }

    static CandidateList list(int number, int length, CandidateList.Kind kind) {
        return list(number, length, kind, Instant.EPOCH);
    }

    static CandidateList list(int number, int length, CandidateList.Kind kind, Instant freshestFeedbackAt) {
        String text = "query " + number;
        List<Candidate> candidates = new ArrayList<>();
        boolean labelled = kind != CandidateList.Kind.UNLABELLED;
        candidates.add(candidate(labelled ? Role.POSITIVE : Role.RETRIEVED, "p" + number));
        for (int i = 1; i < length; i++) {
            candidates.add(candidate(Role.RETRIEVED, "n" + number + "-" + i));
        }
        return new CandidateList(
                QueryKey.of(text),
                new Query("q" + number, text),
                kind,
                candidates,
                CandidateList.BM25,
                1,
                freshestFeedbackAt);
    }

    private static Candidate candidate(Role role, String id) {
        return new Candidate(role, new Passage(id, "", "text of " + id), null, null, null);
    }
}
