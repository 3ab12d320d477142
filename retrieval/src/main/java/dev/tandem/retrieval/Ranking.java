package dev.tandem.retrieval;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Passages ordered by score, for one query.
 *
 * <p>The order is trec_eval's: score descending, equal scores by passage id descending in UTF-8 byte order. It never
 * depends on the order in which the hits came.
 */
public record Ranking(List<Hit> hits) {
    /** One passage with its score. */
    public record Hit(String passageId, double score) {
        public Hit {
            requireNonNull(passageId, "passageId is null");
            if (Double.isNaN(score)) {
                throw new IllegalArgumentException("The score of passage %s is not a number".formatted(passageId));
            }
            score += 0.0; // -0.0 ties with 0.0
        }
    }

    private static final Comparator<Hit> TREC_ORDER = Comparator.comparingDouble(Hit::score)
            .reversed()
            .thenComparing((left, right) -> Arrays.compareUnsigned(
                    right.passageId().getBytes(UTF_8), left.passageId().getBytes(UTF_8)));

    /** Of a query that was not answered. */
    public static final Ranking EMPTY = new Ranking(List.of());

    public Ranking {
        hits = hits.stream().sorted(TREC_ORDER).toList();
        Set<String> ids = new HashSet<>();
        for (Hit hit : hits) {
            if (!ids.add(hit.passageId())) {
                throw new IllegalArgumentException("The ranking holds passage %s twice".formatted(hit.passageId()));
            }
        }
    }

    public int size() {
        return hits.size();
    }

    /** The first k hits, or all where there are fewer. */
    public Ranking top(int k) {
        return k >= hits.size() ? this : new Ranking(hits.subList(0, k));
    }

    public List<String> passageIds() {
        return hits.stream().map(Hit::passageId).toList();
    }
}
