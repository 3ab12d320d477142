package dev.tandem.evaluator.metric;

import static java.util.Objects.requireNonNull;

import dev.tandem.retrieval.Qrels;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.Run;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every metric of every ranking, query by query, so that two models can be compared on the same queries.
 *
 * @param byQuery query id to its values; all queries have values of the same measured things
 */
public record Scorecard(SortedMap<String, Map<Measured, Double>> byQuery) {
    /** One metric of one ranking. */
    public record Measured(RankingKind ranking, Metric metric) {
        public Measured {
            requireNonNull(ranking, "ranking is null");
            requireNonNull(metric, "metric is null");
        }

        @Override
        public String toString() {
            return ranking.spec() + " " + metric.spec();
        }
    }

    public Scorecard {
        SortedMap<String, Map<Measured, Double>> copy = new TreeMap<>();
        byQuery.forEach((query, values) -> copy.put(query, Map.copyOf(values)));
        byQuery = Collections.unmodifiableSortedMap(copy);
        requireSameMeasures(byQuery);
    }

    private static void requireSameMeasures(SortedMap<String, Map<Measured, Double>> byQuery) {
        if (byQuery.isEmpty()) {
            return;
        }
        Set<Measured> expected = byQuery.get(byQuery.firstKey()).keySet();
        byQuery.forEach((query, values) -> {
            if (!values.keySet().equals(expected)) {
                throw new IllegalArgumentException(
                        "Query %s was measured by %s, expected %s".formatted(query, values.keySet(), expected));
            }
        });
    }

    /**
     * Measures runs; every judged query counts, with 0 where a run does not answer it.
     *
     * @param runs what each ranking gives for the queries
     */
    public static Scorecard of(Map<RankingKind, Run> runs, Qrels qrels, List<Metric> metrics) {
        SortedMap<String, Map<Measured, Double>> byQuery = new TreeMap<>();
        qrels.grades().forEach((query, grades) -> {
            Map<Measured, Double> values = new HashMap<>();
            runs.forEach((kind, run) -> {
                JudgedRanking judged = JudgedRanking.of(run.rankings().getOrDefault(query, Ranking.EMPTY), grades);
                metrics.forEach(metric -> values.put(new Measured(kind, metric), metric.of(judged)));
            });
            byQuery.put(query, values);
        });
        return new Scorecard(byQuery);
    }

    public int queries() {
        return byQuery.size();
    }

    /** What was measured, in a stable order. */
    public List<Measured> measured() {
        if (byQuery.isEmpty()) {
            return List.of();
        }
        List<Measured> all = new ArrayList<>(byQuery.get(byQuery.firstKey()).keySet());
        all.sort(java.util.Comparator.comparing(Measured::ranking)
                .thenComparing(m -> m.metric().measure())
                .thenComparing(m -> m.metric().cutoff()));
        return all;
    }

    public boolean has(Measured measured) {
        return !byQuery.isEmpty() && byQuery.get(byQuery.firstKey()).containsKey(measured);
    }

    /** One value per query, in the order of the query ids. */
    public double[] values(Measured measured) {
        if (!has(measured)) {
            throw new IllegalArgumentException("%s was not measured; there are %s".formatted(measured, measured()));
        }
        return byQuery.values().stream()
                .mapToDouble(values -> values.get(measured))
                .toArray();
    }

    public double mean(Measured measured) {
        double sum = 0;
        for (double value : values(measured)) {
            sum += value;
        }
        return sum / queries();
    }

    /** The same for some of the queries. */
    public Scorecard only(Collection<String> queries) {
        SortedMap<String, Map<Measured, Double>> kept = new TreeMap<>(byQuery);
        kept.keySet().retainAll(Set.copyOf(queries));
        return new Scorecard(kept);
    }
}
