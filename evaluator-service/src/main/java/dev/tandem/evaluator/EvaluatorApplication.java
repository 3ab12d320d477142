package dev.tandem.evaluator;

import dev.tandem.retrieval.checkpoint.CheckpointStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Builds the evaluator from its configuration and ties it to the life of the service. */
@Singleton
public final class EvaluatorApplication {
    @Produces
    @Singleton
    Evaluator evaluator(
            EvaluatorConfig config,
            @ConfigProperty(name = "kafka.bootstrap.servers", defaultValue = "localhost:9092") String bootstrapServers,
            MeterRegistry meters) {
        return new Evaluator(config, CheckpointStore.at(config.asStore()), bootstrapServers, meters, Clock.systemUTC());
    }

    void start(@Observes StartupEvent event, Evaluator evaluator) {
        evaluator.start();
    }

    void stop(@Observes ShutdownEvent event, Evaluator evaluator) {
        evaluator.close();
    }

    /** Down when a thread has failed or an evaluation does not move; an evaluator with nothing to do is up. */
    @Produces
    @Singleton
    @Liveness
    HealthCheck alive(Evaluator evaluator) {
        return () -> HealthCheckResponse.named("evaluation")
                .status(evaluator.trouble().isEmpty())
                .withData("trouble", evaluator.trouble().orElse("none"))
                .build();
    }

    /** Down until the topics are read to their ends. */
    @Produces
    @Singleton
    @Readiness
    HealthCheck ready(Evaluator evaluator) {
        return () -> HealthCheckResponse.named("topics read")
                .status(evaluator.isCaughtUp())
                .build();
    }
}
