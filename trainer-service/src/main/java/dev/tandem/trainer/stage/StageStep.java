package dev.tandem.trainer.stage;

import ai.djl.ndarray.NDManager;
import dev.tandem.trainer.batch.Example;
import java.util.List;

/** Forward, loss and backward of one step; gradients accumulate in the models' parameters. */
public sealed interface StageStep permits RetrieverStep, RerankerStep, JointStep {
    /**
     * Accumulates the gradients of a step.
     *
     * @param step owner of everything the step needs on the device
     * @param examples at least one, all of the same length
     */
    StepLosses accumulate(NDManager step, List<Example> examples);
}
