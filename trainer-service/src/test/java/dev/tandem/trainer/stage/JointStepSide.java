package dev.tandem.trainer.stage;

import ai.djl.ndarray.NDManager;
import dev.tandem.trainer.batch.Example;
import dev.tandem.trainer.recipe.Stage;
import java.nio.file.Path;
import java.util.List;

/** A joint step as {@code Training} makes it, from texts: tokens, forward, losses, backward, clipping, AdamW. */
final class JointStepSide implements Side {
    private final Models models;
    private final List<List<Example>> steps;
    private double loss;

    JointStepSide(Path directory, List<List<Example>> steps) {
        this.models = Models.open(directory, SpeedRecipe.RECIPE, ModelSize.COMPUTE);
        models.begin(Stage.JOINT);
        this.steps = steps;
    }

    @Override
    public double run(int round) {
        long began = System.nanoTime();
        StageStep joint = models.step();
        try (NDManager step = models.newStep()) {
            loss = joint.accumulate(step, joint.tokenize(steps.get(round % steps.size())))
                    .total();
            models.clip(step);
            models.update(step, 1);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    /** Of the last round. */
    double loss() {
        return loss;
    }

    @Override
    public void close() {
        models.close();
    }
}
