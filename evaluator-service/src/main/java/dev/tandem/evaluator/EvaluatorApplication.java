package dev.tandem.evaluator;

import dev.tandem.events.KafkaSettings;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Builds the evaluator from its configuration and ties it to the life of the service. */
@Singleton
public final class EvaluatorApplication {
    @Produces
    @Singleton
    Evaluator evaluator(EvaluatorConfig config, Config settings, MeterRegistry meters) {
        KafkaSettings kafka =
                KafkaSettings.of(settings.getPropertyNames(), name -> settings.getOptionalValue(name, String.class));
        return new Evaluator(config, CheckpointStore.at(config.asStore()), kafka, meters, Clock.systemUTC());
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
