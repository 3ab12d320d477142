package dev.tandem.evaluator.api;

import dev.tandem.evaluator.history.MetricValue;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * From what to what: first and last champion on the report queries, which no decision has seen.
 *
 * @param bm25 metrics of BM25 by name, null before the first promotion
 */
public record ReportView(int promotions, Map<String, Double> bm25, Row first, Row last) {
    /** One champion; re-ranker and fused are null while its re-ranker is untrained. */
    public record Row(
            String checkpoint,
            int queries,
            Map<String, Double> retriever,
            Map<String, Double> reranker,
            Map<String, Double> fused) {}

    static ReportView of(List<PromotedCheckpoint> log) {
        List<PromotedCheckpoint> promotions =
                log.stream().filter(PromotedCheckpoint::changesChampion).toList();
        if (promotions.isEmpty()) {
            return new ReportView(0, null, null, null);
        }
        PromotedCheckpoint last = promotions.get(promotions.size() - 1);
        return new ReportView(promotions.size(), metrics(last, "bm25"), row(promotions.get(0)), row(last));
    }

    private static Row row(PromotedCheckpoint promoted) {
        int queries = promoted.metrics().stream()
                .filter(ReportView::isReported)
                .mapToInt(MetricValue::queries)
                .max()
                .orElse(0);
        return new Row(
                promoted.id(),
                queries,
                metrics(promoted, "retriever"),
                metrics(promoted, "reranker"),
                metrics(promoted, "fused"));
    }

    private static Map<String, Double> metrics(PromotedCheckpoint promoted, String ranking) {
        Map<String, Double> values = new TreeMap<>();
        promoted.metrics().stream()
                .filter(metric -> isReported(metric) && metric.ranking().equals(ranking))
                .forEach(metric -> values.put(metric.name(), metric.value()));
        return values.isEmpty() ? null : values;
    }

    private static boolean isReported(MetricValue metric) {
        return metric.querySet().equals(MetricValue.REPORT) && metric.slice().equals(MetricValue.ALL);
    }
}
