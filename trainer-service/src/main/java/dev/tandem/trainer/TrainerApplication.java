package dev.tandem.trainer;

import dev.tandem.events.KafkaSettings;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** The trainer as a service: from configuration to a running training, health and metrics. */
@ApplicationScoped
public class TrainerApplication {
    @Produces
    @Singleton
    Trainer trainer(TrainerConfig config, Config settings, MeterRegistry registry) {
        return new Trainer(
                KafkaSettings.of(settings.getPropertyNames(), name -> settings.getOptionalValue(name, String.class)),
                CheckpointStore.at(config.asStore()),
                config.recipe().asRecipe(),
                config.asSettings(System.currentTimeMillis()),
                new TrainerMetrics(registry),
                () -> Quarkus.asyncExit(1));
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck liveness(Trainer trainer) {
        return () -> HealthCheckResponse.builder()
                .name("training goes on")
                .withData("waiting", trainer.status().waiting())
                .withData("step", trainer.status().step())
                .status(trainer.isAlive())
                .build();
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck readiness(Trainer trainer) {
        return () -> HealthCheckResponse.builder()
                .name("training has begun")
                .status(trainer.isReady())
                .build();
    }

    void start(@Observes StartupEvent event, Trainer trainer) {
        trainer.start();
    }

    void stop(@Observes ShutdownEvent event, Trainer trainer) {
        trainer.close();
    }
}
