package dev.tandem.evaluator;

import dev.tandem.retrieval.encoder.Precision;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Defaults, quick to compute. */
record TestConfig(String store, int pool) implements EvaluatorConfig {
    @Override
    public Path storeCache() {
        return Path.of("unused");
    }

    @Override
    public Optional<URI> storeEndpoint() {
        return Optional.empty();
    }

    @Override
    public Optional<String> storeRegion() {
        return Optional.empty();
    }

    @Override
    public Optional<Boolean> storePathStyle() {
        return Optional.empty();
    }

    @Override
    public Optional<String> token() {
        return Optional.empty();
    }

    @Override
    public Optional<URI> webhookUrl() {
        return Optional.empty();
    }

    @Override
    public Optional<String> webhookSecret() {
        return Optional.empty();
    }

    @Override
    public int rerankDepth() {
        return 20;
    }

    @Override
    public int poolDepth() {
        return 3;
    }

    @Override
    public double alpha() {
        return 0.05;
    }

    @Override
    public double minimumEffect() {
        return 0.005;
    }

    @Override
    public double margin() {
        return 0.05;
    }

    @Override
    public int randomizationSamples() {
        return 2_000;
    }

    @Override
    public int bootstrapResamples() {
        return 200;
    }

    @Override
    public long seed() {
        return 1;
    }

    @Override
    public String device() {
        return "auto";
    }

    @Override
    public Precision precision() {
        return Precision.FP32;
    }

    @Override
    public Duration stuckAfter() {
        return Duration.ofMinutes(5);
    }

    @Override
    public String transactionalId() {
        return "evaluator-test";
    }
}
