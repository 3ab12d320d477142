package dev.tandem.trainer;

import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.stage.StepLosses;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** The trainer's numbers for Prometheus. */
public final class TrainerMetrics {
    private final MeterRegistry registry;
    private final AtomicReference<TrainingStatus> status = new AtomicReference<>(TrainingStatus.STARTING);
    private final Map<String, Double> gauges = new ConcurrentHashMap<>();

    public TrainerMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("trainer.step.number", status, now -> now.get().step()).register(registry);
        for (Stage stage : Stage.values()) {
            Gauge.builder("trainer.stage", status, now -> now.get().stage() == stage ? 1 : 0)
                    .description("1 for the present stage")
                    .tag("stage", stage.name())
                    .register(registry);
        }
        Gauge.builder("trainer.pool.lists", status, now -> now.get().pool()).register(registry);
        Gauge.builder("trainer.waiting", status, now -> now.get().waiting() ? 1 : 0)
                .register(registry);
        Gauge.builder("trainer.tokens.per.second", status, now -> now.get().tokensPerSecond())
                .register(registry);
    }

    void is(TrainingStatus now) {
        status.set(now);
    }

    void updated(StepLosses losses, double gradientNorm, double rate, long lists, Duration took) {
        registry.timer("trainer.step").record(took);
        registry.counter("trainer.lists.used").increment((double) lists);
        registry.counter("trainer.tokens").increment((double) losses.tokens());
        gauge("trainer.gradient.norm", Tags.empty(), gradientNorm);
        gauge("trainer.learning.rate", Tags.empty(), rate);
        gauge("trainer.padding.share", Tags.empty(), losses.padding());
        gauge("trainer.loss", Tags.of("term", "total"), losses.total());
        losses.terms().forEach((term, value) -> gauge("trainer.loss", Tags.of("term", term), value));
    }

    void pool(double meanUses) {
        gauge("trainer.list.uses", Tags.empty(), meanUses);
    }

    void behind(long lists, long freshestFeedbackAt, long now) {
        gauge("trainer.lag.lists", Tags.empty(), (double) lists);
        if (freshestFeedbackAt > 0) {
            gauge("trainer.feedback.age.seconds", Tags.empty(), (now - freshestFeedbackAt) / 1000.0);
        }
    }

    void skipped() {
        registry.counter("trainer.updates.skipped").increment();
    }

    void outOfMemory(int tokensPerMicroBatch) {
        registry.counter("trainer.out.of.memory").increment();
        gauge("trainer.tokens.per.micro.batch", Tags.empty(), (double) tokensPerMicroBatch);
    }

    void returned() {
        registry.counter("trainer.returns.to.checkpoint").increment();
    }

    void saved(Duration took) {
        registry.timer("trainer.checkpoint").record(took);
    }

    void notSaved() {
        registry.counter("trainer.checkpoints.failed").increment();
    }

    void refused(String topic) {
        registry.counter("trainer.refused", "topic", topic).increment();
    }

    private void gauge(String name, Tags tags, double value) {
        String key = name + tags;
        if (gauges.put(key, value) == null) {
            Gauge.builder(name, gauges, all -> all.get(key)).tags(tags).register(registry);
        }
    }
}
