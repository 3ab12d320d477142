package dev.tandem.miner;

import dev.tandem.events.KafkaSettings;
import dev.tandem.miner.serving.EmbeddingSources;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** The miner as a service: from configuration to running parts, health and metrics. */
@ApplicationScoped
public class MinerApplication {
    @Produces
    @Singleton
    KafkaSettings kafka(Config config) {
        return KafkaSettings.of(config.getPropertyNames(), name -> config.getOptionalValue(name, String.class));
    }

    @Produces
    @Singleton
    Miner miner(MinerConfig config, KafkaSettings kafka) {
        return new Miner(config, CheckpointStore.at(config.asStore()), kafka);
    }

    @Produces
    @Singleton
    FeedbackSending feedbackSending(MinerConfig config, KafkaSettings kafka) {
        return new FeedbackSending(() -> new MinerClients(kafka, config.instance()).feedbackProducer());
    }

    void close(@Disposes FeedbackSending sending) {
        sending.close();
    }

    @Produces
    @Singleton
    FeedbackRecords feedbackRecords(Miner miner) {
        return new FeedbackRecords(miner.topics(), new FeedbackLines(Clock.systemUTC()));
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck liveness(Miner miner) {
        return () -> HealthCheckResponse.builder()
                .name("miner")
                .status(miner.isAlive())
                .build();
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck readiness(Miner miner) {
        return () -> HealthCheckResponse.builder()
                .name("miner takes feedback")
                .status(miner.isReady())
                .build();
    }

    void start(@Observes StartupEvent event, Miner miner, MeterRegistry registry) {
        measure(miner, registry);
        measureEmbeddings(miner, registry);
        miner.start();
    }

    void stop(@Observes ShutdownEvent event, Miner miner) {
        miner.close();
    }

    private static double recall(Miner miner) {
        Double recall = miner.mining().index().recall();
        return recall == null ? Double.NaN : recall;
    }

    private static void measureEmbeddings(Miner miner, MeterRegistry registry) {
        Map<String, ToLongFunction<EmbeddingSources>> sources = Map.of(
                "promotion",
                EmbeddingSources::offered,
                "disk",
                EmbeddingSources::kept,
                "encoder",
                EmbeddingSources::encoded);
        sources.forEach((source, count) -> Gauge.builder(
                        "miner.index.embeddings",
                        miner,
                        m -> count.applyAsLong(m.mining().index().embeddings()))
                .tag("source", source)
                .description("Passages given to the index that is searched, by where their embeddings came from")
                .register(registry));
    }

    private static void measure(Miner miner, MeterRegistry registry) {
        for (String fate : FeedbackCounts.FATES_OF_CLICKS) {
            FunctionCounter.builder("miner.clicks", miner, m -> m.counts().of(fate))
                    .tag("fate", fate)
                    .description("Clicks by what became of them")
                    .register(registry);
        }
        for (String fate : FeedbackCounts.FATES_OF_IMPRESSIONS) {
            FunctionCounter.builder("miner.impressions", miner, m -> m.counts().of(fate))
                    .tag("fate", fate)
                    .description("Impressions by what became of them")
                    .register(registry);
        }
        for (String topic : List.of("queries", "clicks", "passages", "promotions", "labelled-queries")) {
            FunctionCounter.builder("miner.refused", miner, m -> m.refused().getOrDefault(topic, 0L))
                    .tag("topic", topic)
                    .description("Records that went to the dead letters")
                    .register(registry);
        }
        FunctionCounter.builder("miner.lists", miner, m -> m.mining().lists())
                .description("Candidate lists sent")
                .register(registry);
        Gauge.builder("miner.passages", miner, m -> m.mining().passages())
                .description("Passages in the index")
                .register(registry);
        Gauge.builder("miner.index.recall", miner, MinerApplication::recall)
                .description("Share of the passages an exact search finds that the index finds, on a sample of queries")
                .register(registry);
        Gauge.builder("miner.labelled.queries", miner, m -> m.mining().labelledQueries())
                .description("Labelled queries that may be trained on")
                .register(registry);
        Gauge.builder(
                        "miner.remine.left",
                        miner,
                        m -> m.mining().toRemine() - m.mining().remined())
                .description("Queries still to be mined again after the last promotion")
                .register(registry);
    }
}
