package dev.tandem.trainer;

/** Where a training of {@link KilledTraining} ends itself as kill -9 would: nothing is flushed, closed or tidied up. */
enum KillPoint {
    /** Runs to its end. */
    NEVER,
    /** Somewhere in the update after one that no checkpoint holds. */
    DURING_A_STEP,
    /** While the files of a checkpoint are being written. */
    WRITING_A_CHECKPOINT,
    /** A checkpoint is in its place, and nobody has heard of it. */
    BEFORE_THE_ANNOUNCEMENT,
    /** The broker has the announcement; nothing else has happened since. */
    AFTER_THE_ANNOUNCEMENT;

    /** The update, or the checkpoint, at which it happens: a checkpoint is due every fourth. */
    static final int STEP = 16;
}
