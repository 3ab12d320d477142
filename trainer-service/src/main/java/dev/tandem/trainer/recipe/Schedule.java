package dev.tandem.trainer.recipe;

import static java.util.Objects.requireNonNull;

/**
 * The learning rate over a stage, as a share of its base rate and a pure function of the updates already made.
 *
 * @param warmUpSteps updates over which the share rises linearly from 0 to 1; 0 and more
 * @param decay how it falls afterwards
 * @param decaySteps update at which it has fallen to the floor, counted from the stage's start; 0 for {@link Decay#CONSTANT}
 * @param floorShare what it never falls below, 0 to 1
 */
public record Schedule(int warmUpSteps, Decay decay, int decaySteps, double floorShare) {
    /** Shape of the fall after the warm-up. */
    public enum Decay {
        CONSTANT,
        LINEAR,
        COSINE
    }

    public Schedule {
        requireNonNull(decay, "decay is null");
        Check.atLeast("warm-up-steps", warmUpSteps, 0);
        Check.between("floor-share", floorShare, 0, 1);
        if (decay != Decay.CONSTANT && decaySteps <= warmUpSteps) {
            throw new IllegalArgumentException(
                    "Expected decay-steps above warm-up-steps (%d) for a %s decay, got %d. Set decay-steps to the update"
                                    .formatted(warmUpSteps, decay, decaySteps)
                            + " at which the rate has fallen to its floor, or the decay to constant.");
        }
    }

    /** A rate that never changes. */
    public static Schedule constant() {
        return new Schedule(0, Decay.CONSTANT, 0, 1);
    }

    /**
     * Share of the base rate for the update that follows a number of completed ones; the first update of a warm-up has
     * share 0, as in the schedules of Hugging Face transformers.
     */
    public double share(long completedSteps) {
        if (completedSteps < warmUpSteps) {
            return (double) completedSteps / warmUpSteps;
        }
        if (decay == Decay.CONSTANT) {
            return 1;
        }
        double progress = Math.min(1, (double) (completedSteps - warmUpSteps) / (decaySteps - warmUpSteps));
        double remaining = decay == Decay.LINEAR ? 1 - progress : (1 + Math.cos(Math.PI * progress)) / 2;
        return floorShare + (1 - floorShare) * remaining;
    }
}
