package dev.tandem.trainer;

import dev.tandem.retrieval.checkpoint.Backoff;
import dev.tandem.trainer.resume.Progress;
import dev.tandem.trainer.resume.TrainingState;
import dev.tandem.trainer.stage.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a checkpoint is due, by steps, by time and at each stage's end, and what becomes of one that cannot be saved: it stays due,
 * and is tried again at longer and longer intervals, while training goes on.
 */
final class CheckpointSaving {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointSaving.class);

    private final Checkpoints checkpoints;
    private final TrainingSettings settings;
    private final TrainerMetrics metrics;
    private final Clock clock;
    private final Backoff backoff;

    private long savedStep;
    private Instant unsavedSince;
    private boolean isDue;

    CheckpointSaving(Checkpoints checkpoints, TrainingSettings settings, TrainerMetrics metrics, Clock clock) {
        this.checkpoints = checkpoints;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.backoff = new Backoff(clock);
    }

    /** Training goes on from what was saved at this step, 0 for the beginning. */
    void resumeAt(long step) {
        savedStep = step;
        isDue = false;
    }

    /** An update is about to be counted. */
    void beforeUpdate(Progress progress) {
        if (isSaved(progress)) {
            unsavedSince = clock.instant();
        }
    }

    /** Whether nothing has been learned since the last checkpoint. */
    boolean isSaved(Progress progress) {
        return progress.step() == savedStep;
    }

    /** Whether to save now: one is due, and the last failure is long enough ago. */
    boolean isWanted(Progress progress) {
        if (isSaved(progress)) {
            return false;
        }
        isDue |= progress.isStageOver()
                || progress.step() % settings.checkpointEverySteps() == 0
                || !clock.instant().isBefore(unsavedSince.plus(settings.checkpointEvery()));
        return isDue && backoff.mayTry();
    }

    /** Saves a checkpoint; if the store does not take it, says so and leaves it due. */
    void save(TrainingState state, Models models, Promotions promotions, Progress progress) {
        Instant began = clock.instant();
        try {
            checkpoints.save(state, models, promotions);
            progress.saved(state.checkpoint());
            resumeAt(state.step());
            backoff.succeeded();
            metrics.saved(Duration.between(began, clock.instant()));
            LOG.info(
                    "Saved checkpoint={} step={} stage={} rerankerTrained={}",
                    state.checkpoint(),
                    state.step(),
                    state.stage(),
                    state.rerankerTrained());
        } catch (IOException | UncheckedIOException e) {
            metrics.notSaved();
            LOG.error(
                    "Cannot save checkpoint={}; training goes on, next try in {}. Free space in the store, or check that it"
                            + " can be written to.",
                    state.checkpoint(),
                    backoff.failed(),
                    e);
        }
    }
}
