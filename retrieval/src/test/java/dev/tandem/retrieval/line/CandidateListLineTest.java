package dev.tandem.retrieval.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.Candidate.Role;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.CandidateList.Kind;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidateListLineTest {
    private static final String TWO_CANDIDATES =
            "[{\"role\":\"positive\",\"id\":\"p1\",\"text\":\"one\"},{\"role\":\"retrieved\",\"id\":\"p2\",\"text\":\"two\"}]";

    @Test
    void readsBackEveryFieldItWrites() {
        CandidateList list = new CandidateList(
                QueryKey.of("How to\tsort?"),
                new Query("q\"7", "How to\tsort?"),
                Kind.DENOISED,
                List.of(
                        new Candidate(Role.PSEUDO_POSITIVE, new Passage("p1", "títle", "line\none"), 0.1f, 3, 0.97f),
                        new Candidate(Role.JUDGED_NEGATIVE, new Passage("p2", "", ""), null, null, null),
                        new Candidate(Role.HARD_NEGATIVE, new Passage("p3", "", "three"), -1.5e-7f, 1000, 1e-9f)),
                "run-450",
                Long.MIN_VALUE,
                Instant.parse("2026-03-01T10:00:00.123456789Z"));

        String line = CandidateListLine.write(list);

        assertEquals(list, CandidateListLine.read(line));
        assertEquals(-1, line.indexOf('\n'));
    }

    @Test
    void needsOnlyTheQueryAndItsCandidates() {
        CandidateList list = CandidateListLine.read("{\"query\":\"sort\",\"candidates\":" + TWO_CANDIDATES + "}");

        assertEquals(QueryKey.of("sort"), list.key());
        assertEquals(list.key().value(), list.query().id());
        assertEquals(Kind.UNDENOISED, list.kind());
        assertEquals(new Passage("p2", "", "two"), list.candidates().get(1).passage());
        assertEquals(CandidateListLine.UNKNOWN_MINER, list.minedBy());
    }

    @Test
    void saysWhatWasExpectedAndWhatCame() {
        assertEquals(
                "expected \"query\" to be a text that is not blank, got null",
                refusal("{\"candidates\":" + TWO_CANDIDATES + "}"));
        assertEquals(
                "expected \"candidates\" to be an array of 2 to 1024 elements, got 1 elements",
                refusal("{\"query\":\"sort\",\"candidates\":[{}]}"));
        assertEquals(
                "expected \"role\" to be one of [positive, pseudo-positive, judged-negative, hard-negative, retrieved], got good",
                refusal("{\"query\":\"sort\",\"candidates\":" + TWO_CANDIDATES.replace("positive", "good") + "}"));
        assertEquals(
                "expected \"queryKey\" to be %s, the key of the query's text, got abc".formatted(QueryKey.of("sort")),
                refusal("{\"queryKey\":\"abc\",\"query\":\"sort\",\"candidates\":" + TWO_CANDIDATES + "}"));
        assertEquals(
                "expected \"freshestFeedbackAt\" like 2026-03-01T10:00:00Z, got today",
                refusal("{\"query\":\"sort\",\"freshestFeedbackAt\":\"today\",\"candidates\":" + TWO_CANDIDATES + "}"));
    }

    @Test
    void showsOfWhatCameOnlyWhatIsShortAndPrintable() {
        String blank = "\u2003".repeat(100);

        assertEquals(
                "expected \"query\" to be a text that is not blank, got \"" + blank.substring(0, 59) + "…",
                refusal("{\"query\":\"" + blank + "\",\"candidates\":" + TWO_CANDIDATES + "}"));
        assertEquals(
                "expected \"kind\" to be one of [undenoised, denoised, unlabelled], got \uFFFD[31mred\\t",
                refusal("{\"query\":\"sort\",\"kind\":\"\\u001b[31mred\\t\",\"candidates\":" + TWO_CANDIDATES + "}"));
    }

    private static String refusal(String line) {
        return assertThrows(IllegalArgumentException.class, () -> CandidateListLine.read(line))
                .getMessage();
    }
}
