package dev.tandem.trainer;

import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.stage.StepLosses;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** The trainer's numbers for Prometheus. */
public final class TrainerMetrics {
    private static final String SKIPPED = "trainer.updates.skipped";
    private static final String OUT_OF_MEMORY = "trainer.out.of.memory";
    private static final String RETURNED = "trainer.returns.to.checkpoint";
    private static final String NOT_SAVED = "trainer.checkpoints.failed";
    private static final List<String> FAILURES = List.of(SKIPPED, OUT_OF_MEMORY, RETURNED, NOT_SAVED);

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
        FAILURES.forEach(registry::counter); // what begins at 0 is seen to rise
        List.of("candidate-lists", "promotions").forEach(this::refusals);
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
        registry.counter(SKIPPED).increment();
    }

    void outOfMemory(int tokensPerMicroBatch) {
        registry.counter(OUT_OF_MEMORY).increment();
        gauge("trainer.tokens.per.micro.batch", Tags.empty(), (double) tokensPerMicroBatch);
    }

    void returned() {
        registry.counter(RETURNED).increment();
    }

    void saved(Duration took) {
        registry.timer("trainer.checkpoint").record(took);
    }

    void notSaved() {
        registry.counter(NOT_SAVED).increment();
    }

    void refused(String topic) {
        refusals(topic).increment();
    }

    private Counter refusals(String topic) {
        return registry.counter("trainer.refused", "topic", topic);
    }

    private void gauge(String name, Tags tags, double value) {
        String key = name + tags;
        if (gauges.put(key, value) == null) {
            Gauge.builder(name, gauges, all -> all.get(key)).tags(tags).register(registry);
        }
    }
}
