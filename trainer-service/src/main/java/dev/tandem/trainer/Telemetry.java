package dev.tandem.trainer;

import dev.tandem.trainer.resume.Progress;
import dev.tandem.trainer.stage.StepLosses;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a training says of itself: a line in the log per interval, its status, its metrics, and a sign of life. */
final class Telemetry {
    private static final Logger LOG = LoggerFactory.getLogger(Training.class);

    private final TrainerMetrics metrics;
    private final Clock clock;
    private final int logEverySteps;
    private Instant updateBegan;
    private Instant intervalBegan;
    private long intervalTokens;
    private long intervalComputed;
    private long intervalSteps;
    private double intervalLoss;
    private double loss;
    private double rate;
    private double tokensPerSecond;
    private volatile Instant lastSignOfLife;
    private volatile TrainingStatus status = TrainingStatus.STARTING;

    Telemetry(TrainerMetrics metrics, Clock clock, int logEverySteps) {
        this.metrics = metrics;
        this.clock = clock;
        this.logEverySteps = logEverySteps;
        lastSignOfLife = clock.instant();
        beginInterval();
    }

    void updateBegins() {
        updateBegan = clock.instant();
    }

    /** An update was made. */
    void updated(Progress progress, StepLosses losses, double norm, double learningRate, int lists, int pool) {
        Instant now = clock.instant();
        loss = losses.total();
        rate = learningRate;
        intervalLoss += loss;
        intervalTokens += losses.tokens();
        intervalComputed += losses.computed();
        intervalSteps++;
        metrics.updated(losses, norm, rate, lists, Duration.between(updateBegan, now));
        if (progress.step() % logEverySteps == 0 || progress.isStageOver()) {
            double seconds = Math.max(1e-3, Duration.between(intervalBegan, now).toMillis() / 1000.0);
            tokensPerSecond = intervalTokens / seconds;
            LOG.info(
                    "Trained step={} stage={} stageStep={} loss={} terms={} rate={} gradientNorm={} tokensPerSecond={} padding={} secondsPerStep={} pool={}",
                    progress.step(),
                    progress.stage(),
                    progress.stageStep(),
                    rounded(intervalLoss / intervalSteps),
                    losses.terms(),
                    rate,
                    rounded(norm),
                    Math.round(tokensPerSecond),
                    rounded(1 - (double) intervalTokens / Math.max(1, intervalComputed)),
                    rounded(seconds / intervalSteps),
                    pool);
            beginInterval();
        }
        alive(progress, pool, false);
    }

    private void beginInterval() {
        intervalBegan = clock.instant();
        intervalTokens = 0;
        intervalComputed = 0;
        intervalSteps = 0;
        intervalLoss = 0;
    }

    /** There is nothing to learn now. */
    void waiting(Progress progress, int pool) {
        if (!status.waiting()) {
            LOG.info("Waiting for lists step={} stage={} pool={}", progress.step(), progress.stage(), pool);
        }
        beginInterval();
        alive(progress, pool, true);
    }

    /** Nothing is learned any more. */
    void ended(Progress progress, int pool) {
        alive(progress, pool, true);
    }

    private void alive(Progress progress, int pool, boolean waiting) {
        lastSignOfLife = clock.instant();
        status = new TrainingStatus(
                progress.stage(),
                progress.step(),
                progress.stageStep(),
                progress.recipe().steps(progress.stage()),
                waiting,
                loss,
                rate,
                progress.lists(),
                pool,
                progress.checkpoint(),
                waiting ? 0 : tokensPerSecond);
        metrics.is(status);
    }

    TrainingStatus status() {
        return status;
    }

    Instant lastSignOfLife() {
        return lastSignOfLife;
    }

    private static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }
}
