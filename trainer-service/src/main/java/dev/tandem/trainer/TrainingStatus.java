package dev.tandem.trainer;

import dev.tandem.trainer.recipe.Stage;

/**
 * Where a training stands, as the launcher and the dashboard read it.
 *
 * @param stageSteps updates of the stage in all, 0 where it has no end
 * @param waiting whether there is nothing to learn now
 * @param loss loss of the last update
 * @param learningRate retriever's rate in that update, or the re-ranker's where only that is trained
 * @param lists lists learned from, repetitions included
 * @param pool lists held
 * @param lastCheckpoint null before the first
 */
public record TrainingStatus(
        Stage stage,
        long step,
        long stageStep,
        long stageSteps,
        boolean waiting,
        double loss,
        double learningRate,
        long lists,
        int pool,
        String lastCheckpoint,
        double tokensPerSecond) {
    /** Before the loop has begun. */
    public static final TrainingStatus STARTING =
            new TrainingStatus(Stage.RETRIEVER_WARM_UP, 0, 0, 0, true, 0, 0, 0, 0, null, 0);
}
