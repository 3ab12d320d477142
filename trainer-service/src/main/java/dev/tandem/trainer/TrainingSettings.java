package dev.tandem.trainer;

import static java.util.Objects.requireNonNull;

import dev.tandem.retrieval.encoder.Compute;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the loop must know beside its recipe; none of it changes what is learned, but for rounding.
 *
 * @param initial directory with the models to begin from
 * @param run name of a run that begins, first part of its checkpoints' ids
 * @param checkpointEverySteps updates from one checkpoint to the next
 * @param checkpointEvery longest time from one checkpoint to the next while something is learned
 * @param keep newest checkpoints to keep, beside those promoted
 * @param logEverySteps updates from one line in the log to the next
 * @param skipsInARow updates skipped one after the other, because loss or gradients were no numbers, that send the training
 *     back to its last checkpoint
 * @param compute device and precision of both models
 * @param mostSteps updates of all stages together after which training ends; 0 leaves the end to the recipe
 */
public record TrainingSettings(
        Path initial,
        String run,
        int checkpointEverySteps,
        Duration checkpointEvery,
        int keep,
        int logEverySteps,
        int skipsInARow,
        Compute compute,
        long mostSteps) {
    public TrainingSettings {
        requireNonNull(initial, "initial is null");
        requireNonNull(run, "run is null");
        requireNonNull(checkpointEvery, "checkpointEvery is null");
        requireNonNull(compute, "compute is null");
        requireAtLeastOne("checkpoint-every-steps", checkpointEverySteps);
        if (checkpointEvery.isNegative() || checkpointEvery.isZero()) {
            throw new IllegalArgumentException(
                    "Expected trainer.checkpoint-every above 0, as PT30M, got " + checkpointEvery);
        }
        requireAtLeastOne("keep", keep);
        requireAtLeastOne("log-every-steps", logEverySteps);
        requireAtLeastOne("skips-in-a-row", skipsInARow);
        if (mostSteps < 0) {
            throw new IllegalArgumentException("Expected a number of steps of at least 0, got " + mostSteps);
        }
    }

    /** These, with a training that ends after a number of updates. */
    public TrainingSettings endingAfter(long steps) {
        return new TrainingSettings(
                initial, run, checkpointEverySteps, checkpointEvery, keep, logEverySteps, skipsInARow, compute, steps);
    }

    private static void requireAtLeastOne(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("Expected trainer.%s of at least 1, got %d".formatted(key, value));
        }
    }
}
