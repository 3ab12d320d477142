package dev.tandem.evaluator.history;

import dev.tandem.evaluator.metric.Bootstrap;
import dev.tandem.evaluator.metric.Interval;
import dev.tandem.evaluator.metric.Scorecard;
import java.util.List;

/**
 * One metric of one ranking over one set of queries, with its bootstrap interval.
 *
 * @param ranking bm25, retriever, reranker or fused
 * @param name metric with its cutoff
 * @param querySet {@link #GATE} or {@link #REPORT}
 * @param slice {@link #ALL}, judged or clicks
 * @param queries number of queries it is the mean of
 */
public record MetricValue(
        String ranking,
        String name,
        String querySet,
        String slice,
        int queries,
        double value,
        double low,
        double high) {
    public static final String GATE = "gate";
    public static final String REPORT = "report";
    public static final String ALL = "all";

    /** Everything a scorecard holds; nothing where it has no query. */
    public static List<MetricValue> of(Scorecard card, String querySet, String slice, Bootstrap bootstrap) {
        return card.measured().stream()
                .map(measured -> {
                    Interval interval = bootstrap.mean(card.values(measured));
                    return new MetricValue(
                            measured.ranking().spec(),
                            measured.metric().spec(),
                            querySet,
                            slice,
                            card.queries(),
                            card.mean(measured),
                            interval.low(),
                            interval.high());
                })
                .toList();
    }
}
