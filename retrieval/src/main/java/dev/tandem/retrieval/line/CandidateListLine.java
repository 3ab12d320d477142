package dev.tandem.retrieval.line;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.Candidate.Role;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.CandidateList.Kind;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * A candidate list as one line of JSON, with every field: what is written is read back equal.
 *
 * <pre>
 * {"queryKey": "9f…", "queryId": "q7", "query": "how to …", "kind": "undenoised", "candidates": [
 *   {"role": "positive", "id": "p4", "title": "", "text": "…",
 *    "retrieverScore": 11.2, "retrieverRank": 3, "rerankerScore": 0.98}, …],
 *  "minedBy": "bm25", "seed": 1, "freshestFeedbackAt": "2026-03-01T10:00:00Z"}
 * </pre>
 *
 * <p>Only {@code query}, {@code candidates} and of each {@code role}, {@code id} and {@code text} must be there. Scores and
 * ranks are left out where they are unknown.
 */
public final class CandidateListLine {
    /** Longest line, in bytes. */
    public static final int MOST_BYTES = 16 * 1024 * 1024;
    /** Longest list. */
    public static final int MOST_CANDIDATES = 1024;
    /** Longest query, in characters. */
    public static final int MOST_QUERY_CHARACTERS = 10_000;
    /** What mined a list that does not say so. */
    public static final String UNKNOWN_MINER = "file";

    private static final JsonMapper JSON = new JsonMapper();

    private CandidateListLine() {}

    /** The line of a list, without a line end. */
    public static String write(CandidateList list) {
        ObjectNode line = JSON.createObjectNode()
                .put("queryKey", list.key().value())
                .put("queryId", list.query().id())
                .put("query", list.query().text())
                .put("kind", JsonLine.name(list.kind()));
        list.candidates()
                .forEach(candidate ->
                        write(candidate, line.withArray("candidates").addObject()));
        return line.put("minedBy", list.minedBy())
                .put("seed", list.seed())
                .put("freshestFeedbackAt", list.freshestFeedbackAt().toString())
                .toString();
    }

    private static void write(Candidate candidate, ObjectNode to) {
        to.put("role", JsonLine.name(candidate.role()))
                .put("id", candidate.passage().id())
                .put("title", candidate.passage().title())
                .put("text", candidate.passage().text());
        if (candidate.retrieverScore() != null) {
            to.put("retrieverScore", candidate.retrieverScore());
        }
        if (candidate.retrieverRank() != null) {
            to.put("retrieverRank", candidate.retrieverRank());
        }
        if (candidate.rerankerScore() != null) {
            to.put("rerankerScore", candidate.rerankerScore());
        }
    }

    /**
     * The list of a line.
     *
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public static CandidateList read(String line) {
        JsonLine json = JsonLine.of(line);
        Query query = query(json);
        return new CandidateList(
                QueryKey.of(query.text()),
                query,
                json.optionalConstant("kind", Kind.class).orElse(Kind.UNDENOISED),
                json.objects("candidates", 2, MOST_CANDIDATES).stream()
                        .map(CandidateListLine::candidate)
                        .toList(),
                json.optionalText("minedBy").orElse(UNKNOWN_MINER),
                json.optionalNumber("seed").orElse(0L),
                freshestFeedbackAt(json));
    }

    private static Query query(JsonLine json) {
        String text = queryText(json, "query");
        String key = QueryKey.of(text).value();
        String given = json.optionalText("queryKey").orElse(key);
        if (!given.equals(key)) {
            throw new IllegalArgumentException("expected \"queryKey\" to be %s, the key of the query's text, got %s"
                    .formatted(key, JsonLine.shortened(given)));
        }
        return new Query(json.optional("queryId").isPresent() ? json.id("queryId") : key, text);
    }

    /**
     * A query's text.
     *
     * @throws IllegalArgumentException if it is missing, blank or too long
     */
    public static String queryText(JsonLine json, String field) {
        String text = json.text(field);
        if (text.length() > MOST_QUERY_CHARACTERS) {
            throw new IllegalArgumentException("expected a query of at most %d characters, got %d"
                    .formatted(MOST_QUERY_CHARACTERS, text.length()));
        }
        return text;
    }

    private static Candidate candidate(JsonLine json) {
        String text = json.optionalText("text")
                .orElseThrow(
                        () -> new IllegalArgumentException("expected each candidate to have a \"text\", got none"));
        return new Candidate(
                json.optionalConstant("role", Role.class)
                        .orElseThrow(() ->
                                new IllegalArgumentException("expected each candidate to have a \"role\", got none")),
                new Passage(json.id("id"), json.optionalText("title").orElse(""), text),
                json.optionalDecimal("retrieverScore").map(Double::floatValue).orElse(null),
                json.optionalNumber("retrieverRank")
                        .map(CandidateListLine::rank)
                        .orElse(null),
                json.optionalDecimal("rerankerScore").map(Double::floatValue).orElse(null));
    }

    private static int rank(long rank) {
        if (rank < 1 || rank > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("expected \"retrieverRank\" of 1 and more, got " + rank);
        }
        return (int) rank;
    }

    private static Instant freshestFeedbackAt(JsonLine json) {
        String time = json.optionalText("freshestFeedbackAt").orElse(Instant.EPOCH.toString());
        try {
            return Instant.parse(time);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "expected \"freshestFeedbackAt\" like 2026-03-01T10:00:00Z, got " + JsonLine.shortened(time), e);
        }
    }
}
