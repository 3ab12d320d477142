package dev.tandem.retrieval;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One query with its positive first, then its negatives, as the losses expect them.
 *
 * @param key key of the query
 * @param candidates at least two; the positive at index 0, unless the list is {@link Kind#UNLABELLED}
 * @param minedBy checkpoint id of the champion that mined it, or {@link #BM25}
 * @param seed seed of the sampling
 * @param freshestFeedbackAt event time of the newest feedback the list rests on
 */
public record CandidateList(
        QueryKey key,
        Query query,
        Kind kind,
        List<Candidate> candidates,
        String minedBy,
        long seed,
        Instant freshestFeedbackAt) {

    /** What mined a list before there was a champion. */
    public static final String BM25 = "bm25";

    /** How a list was made. */
    public enum Kind {
        /** Negatives sampled from the retriever's top passages. */
        UNDENOISED,
        /** Negatives and pseudo-positives confirmed by the cross encoder. */
        DENOISED,
        /** No positive: for distillation only. */
        UNLABELLED
    }

    /** What lists of a query are known by, {@code <query key>/<kind in lower case>}: a later one supersedes an earlier one. */
    public static String topicKey(QueryKey query, Kind kind) {
        return query.value() + "/" + kind.name().toLowerCase(Locale.ROOT);
    }

    public CandidateList {
        requireNonNull(key, "key is null");
        requireNonNull(query, "query is null");
        requireNonNull(kind, "kind is null");
        requireNonNull(minedBy, "minedBy is null");
        requireNonNull(freshestFeedbackAt, "freshestFeedbackAt is null");
        candidates = List.copyOf(candidates);
        if (candidates.size() < 2) {
            throw new IllegalArgumentException(
                    "Query %s: expected at least 2 candidates, got %d".formatted(query.id(), candidates.size()));
        }
        boolean positiveFirst = candidates.get(0).role().isPositive();
        if (positiveFirst != (kind != Kind.UNLABELLED)) {
            throw new IllegalArgumentException("Query %s: a list of kind %s cannot have a %s at index 0"
                    .formatted(query.id(), kind, candidates.get(0).role()));
        }
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            if (i > 0 && candidate.role().isPositive()) {
                throw new IllegalArgumentException("Query %s lists a second positive, passage %s, at index %d"
                        .formatted(query.id(), candidate.passage().id(), i));
            }
            if (!ids.add(candidate.passage().id())) {
                throw new IllegalArgumentException("Query %s lists passage %s twice"
                        .formatted(query.id(), candidate.passage().id()));
            }
        }
    }
}
