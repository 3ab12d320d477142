package dev.tandem.evaluator;

import dev.tandem.evaluator.history.Decision;
import dev.tandem.evaluator.history.EvaluatedCheckpoint;
import dev.tandem.evaluator.history.MetricValue;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import io.micrometer.core.instrument.Counter;
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
    private final MultiGauge newestMetrics;
    private String shown;

    EvaluatorMeters(MeterRegistry registry, Knowledge knowledge) {
        this.registry = registry;
        this.championMetrics = MultiGauge.builder("evaluator.champion.metric")
                .description("The champion's metrics and BM25's beside them, at its promotion")
                .register(registry);
        this.newestMetrics = MultiGauge.builder("evaluator.newest.metric")
                .description("Metrics of the checkpoint that was measured last")
                .register(registry);
        for (Decision decision : Decision.values()) {
            decisions(decision);
        }
        knowledge.sources().forEach(this::refusals);
        Gauge.builder("evaluator.passages", knowledge.corpus()::size).register(registry);
        Gauge.builder("evaluator.held.out.queries", knowledge.heldOut()::size).register(registry);
        Gauge.builder(
                        "evaluator.waiting.checkpoints",
                        () -> knowledge.history().waiting().size())
                .register(registry);
    }

    void refused(String topic) {
        refusals(topic).increment();
    }

    void decided(EvaluatedCheckpoint evaluated) {
        decisions(evaluated.decision()).increment();
        registry.timer("evaluator.evaluation").record(Duration.ofMillis((long) (1000 * evaluated.seconds())));
        if (!evaluated.metrics().isEmpty()) {
            newestMetrics.register(rows(evaluated.metrics()), true);
        }
    }

    /** Shows a champion's metrics in place of the former one's. */
    void champion(PromotedCheckpoint champion) {
        if (!champion.id().equals(shown)) {
            championMetrics.register(rows(champion.metrics()), true);
            shown = champion.id();
        }
    }

    private Counter decisions(Decision decision) {
        return registry.counter("evaluator.decisions", "decision", decision.name());
    }

    private Counter refusals(String topic) {
        return registry.counter("evaluator.refused", "topic", topic);
    }

    private static List<MultiGauge.Row<?>> rows(List<MetricValue> metrics) {
        return List.copyOf(metrics.stream().map(EvaluatorMeters::row).toList());
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
