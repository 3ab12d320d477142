package dev.tandem.trainer.offline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.Candidate.Role;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import dev.tandem.retrieval.line.CandidateListLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A candidate list of what other tools write: a query, its positives and its negatives, of which nothing else is known. */
final class LabelledPassages {
    private LabelledPassages() {}

    /**
     * The list of a query. It has one positive, the first; the others are no negatives either. A passage that is named
     * twice is taken once.
     *
     * @param minedBy name of the layout
     * @throws IllegalArgumentException if there is no positive, no negative, or too many of them
     */
    static CandidateList list(Query query, List<Passage> positives, List<Passage> negatives, String minedBy) {
        if (positives.isEmpty()) {
            throw new IllegalArgumentException("expected a positive for the query, got none");
        }
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(candidate(Role.POSITIVE, positives.get(0)));
        Set<String> taken = new HashSet<>();
        positives.forEach(positive -> taken.add(positive.id()));
        for (Passage negative : negatives) {
            if (taken.add(negative.id())) {
                candidates.add(candidate(Role.RETRIEVED, negative));
            }
        }
        if (candidates.size() < 2 || candidates.size() > CandidateListLine.MOST_CANDIDATES) {
            throw new IllegalArgumentException("expected 1 to %d negatives that are no positives, got %d"
                    .formatted(CandidateListLine.MOST_CANDIDATES - 1, candidates.size() - 1));
        }
        return new CandidateList(
                QueryKey.of(query.text()), query, CandidateList.Kind.UNDENOISED, candidates, minedBy, 0, Instant.EPOCH);
    }

    private static Candidate candidate(Role role, Passage passage) {
        return new Candidate(role, passage, null, null, null);
    }

    /** A query without an id is known by its key. */
    static Query query(String text) {
        return new Query(QueryKey.of(text).value(), text);
    }

    /** A passage without an id is known by its content. */
    static Passage passage(String title, String text) {
        String id =
                UUID.nameUUIDFromBytes((title + "\n" + text).getBytes(UTF_8)).toString();
        return new Passage(id, title, text);
    }
}
