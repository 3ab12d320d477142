package dev.tandem.miner.offline;

import dev.tandem.miner.mining.TrainingQuery;
import dev.tandem.miner.serving.Corpus;
import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.Candidate.Role;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.CandidateList.Kind;
import dev.tandem.retrieval.QueryKey;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How often mining takes a relevant passage for a negative, where the truth is known.
 *
 * <p>A miner never takes a positive it knows of. So of each query with several positives all but one are hidden from it, it
 * mines, and the hidden ones are looked for among the negatives. Real labels are fewer still, so real lists hold more.
 */
public final class HiddenPositives {
    private final Map<QueryKey, Set<String>> hidden = new HashMap<>();
    private final List<TrainingQuery> queries;
    private final Map<Kind, Count> counts = new EnumMap<>(Kind.class);

    /** What was found in lists of one kind. */
    private static final class Count {
        private long negatives;
        private long falseNegatives;
        private long pseudoPositives;
        private long truePseudoPositives;
    }

    /**
     * Hides positives of queries that have several in the corpus.
     *
     * @param most queries at most, drawn by the seed
     */
    public HiddenPositives(List<TrainingQuery> all, Corpus corpus, int most, long seed) {
        List<TrainingQuery> several = all.stream()
                .filter(query ->
                        query.positives().stream().filter(corpus::contains).count() > 1)
                .toList();
        queries = OfflineMining.drawn(several, most, seed).stream()
                .map(query -> hiding(query, corpus))
                .toList();
    }

    private TrainingQuery hiding(TrainingQuery query, Corpus corpus) {
        String known =
                query.positives().stream().filter(corpus::contains).findFirst().orElseThrow();
        Set<String> others = new HashSet<>(query.positives());
        others.remove(known);
        hidden.put(query.key(), others);
        return new TrainingQuery(
                query.key(), query.query(), List.of(known), query.notRelevant(), query.freshestFeedbackAt());
    }

    /** The queries with one positive left, to be mined for {@link #add} and for nothing else. */
    public List<TrainingQuery> queries() {
        return queries;
    }

    /** Counts a list of one of {@link #queries}. */
    public void add(CandidateList list) {
        Set<String> relevant = hidden.get(list.key());
        Count count = counts.computeIfAbsent(list.kind(), kind -> new Count());
        for (Candidate candidate : list.candidates()) {
            boolean isRelevant = relevant.contains(candidate.passage().id());
            if (candidate.role() == Role.PSEUDO_POSITIVE) {
                count.pseudoPositives++;
                count.truePseudoPositives += isRelevant ? 1 : 0;
            } else if (candidate.role() != Role.POSITIVE) {
                count.negatives++;
                count.falseNegatives += isRelevant ? 1 : 0;
            }
        }
    }

    /** Negatives of a kind that are relevant, of all its negatives; NaN where there are none. */
    public double falseNegativeShare(Kind kind) {
        Count count = counts.getOrDefault(kind, new Count());
        return (double) count.falseNegatives / count.negatives;
    }

    /** What was found, a sentence for each kind. */
    public String text() {
        StringBuilder text =
                new StringBuilder("%,d queries with several positives; with all but one hidden from the miner,"
                        .formatted(queries.size()));
        counts.forEach((kind, count) -> {
            text.append(String.format(
                    Locale.ROOT,
                    "%n  %s: %,d of %,d negatives are relevant (%.2f %%)",
                    kind.name().toLowerCase(Locale.ROOT),
                    count.falseNegatives,
                    count.negatives,
                    100.0 * count.falseNegatives / count.negatives));
            if (count.pseudoPositives > 0) {
                text.append(String.format(
                        Locale.ROOT,
                        "; %,d of %,d pseudo-positives are known to be",
                        count.truePseudoPositives,
                        count.pseudoPositives));
            }
        });
        return text.toString();
    }
}
