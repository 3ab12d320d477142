package dev.tandem.evaluator;

import dev.tandem.evaluator.history.EvaluatedCheckpoint;
import dev.tandem.evaluator.history.MetricValue;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;

/** The evaluator's numbers for Prometheus. */
final class EvaluatorMeters {
    private final MeterRegistry registry;
    private final MultiGauge championMetrics;
    private String shown;

    EvaluatorMeters(MeterRegistry registry, Knowledge knowledge) {
        this.registry = registry;
        this.championMetrics = MultiGauge.builder("evaluator_champion_metric")
                .description("The champion's metrics and BM25's beside them, at its promotion")
                .register(registry);
        Gauge.builder("evaluator_passages", knowledge.corpus()::size).register(registry);
        Gauge.builder("evaluator_held_out_queries", knowledge.heldOut()::size).register(registry);
        Gauge.builder(
                        "evaluator_waiting_checkpoints",
                        () -> knowledge.history().waiting().size())
                .register(registry);
    }

    void refused(String topic) {
        registry.counter("evaluator_refused", "topic", topic).increment();
    }

    void decided(EvaluatedCheckpoint evaluated) {
        registry.counter("evaluator_decisions", "decision", evaluated.decision().name())
                .increment();
        registry.timer("evaluator_evaluation").record(Duration.ofMillis((long) (1000 * evaluated.seconds())));
    }

    /** Shows a champion's metrics in place of the former one's. */
    void champion(PromotedCheckpoint champion) {
        if (!champion.id().equals(shown)) {
            List<MultiGauge.Row<?>> rows = List.copyOf(
                    champion.metrics().stream().map(EvaluatorMeters::row).toList());
            championMetrics.register(rows, true);
            shown = champion.id();
        }
    }

    private static MultiGauge.Row<?> row(MetricValue metric) {
        Tags tags = Tags.of(
                "ranking", metric.ranking(),
                "metric", metric.name(),
                "query_set", metric.querySet(),
                "slice", metric.slice());
        return MultiGauge.Row.of(tags, metric::value);
    }
}
