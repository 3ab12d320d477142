package dev.tandem.trainer.stage;

import dev.tandem.trainer.recipe.RetrieverWarmUp;
import dev.tandem.trainer.recipe.Schedule;
import dev.tandem.trainer.recipe.TrainingRecipe;

/** The paper's recipe, with one learning rate everywhere. */
final class SpeedRecipe {
    static final double RATE = 1e-5;
    static final TrainingRecipe RECIPE = recipe();

    private SpeedRecipe() {}

    private static TrainingRecipe recipe() {
        TrainingRecipe paper = TrainingRecipe.paper();
        return new TrainingRecipe(
                paper.seed(),
                new RetrieverWarmUp(1, 1, 0, RATE, Schedule.constant()),
                paper.rerankerWarmUp(),
                paper.joint(),
                paper.optimizer(),
                paper.replay(),
                paper.plateau(),
                paper.tokensPerMicroBatch());
    }
}
