package dev.tandem.quickstart.cli;

import dev.tandem.evaluator.metric.Metric;
import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.evaluator.metric.Scorecard;
import dev.tandem.evaluator.metric.Scorecard.Measured;
import dev.tandem.retrieval.Qrels;
import dev.tandem.retrieval.Run;
import dev.tandem.retrieval.line.Refusals;
import java.util.List;
import java.util.Map;

/**
 * Runs with what was measured of them.
 *
 * @param kind the ranking that all is about where only one can be shown
 * @param refusals lines of the collection that were not taken
 */
record Evaluated(Map<RankingKind, Run> runs, RankingKind kind, Qrels qrels, Scorecard card, Refusals refusals) {
    static Evaluated of(
            Map<RankingKind, Run> runs, RankingKind kind, Qrels qrels, List<Metric> metrics, Refusals refusals) {
        return new Evaluated(runs, kind, qrels, Scorecard.of(runs, qrels, metrics), refusals);
    }

    Run headline() {
        return runs.get(kind);
    }

    /** The rankings in the order in which they are made. */
    List<RankingKind> kinds() {
        return runs.keySet().stream().sorted().toList();
    }

    double[] values(RankingKind ranking, Metric metric) {
        return card.values(new Measured(ranking, metric));
    }

    double mean(RankingKind ranking, Metric metric) {
        return card.mean(new Measured(ranking, metric));
    }

    /** Judged queries for which the run shown has at least one passage. */
    long answered() {
        return qrels.grades().keySet().stream()
                .filter(query -> headline().rankings().containsKey(query)
                        && headline().rankings().get(query).size() > 0)
                .count();
    }
}
