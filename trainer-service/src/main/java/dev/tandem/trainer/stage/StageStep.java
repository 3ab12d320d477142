package dev.tandem.trainer.stage;

import ai.djl.ndarray.NDManager;
import dev.tandem.trainer.batch.Example;
import dev.tandem.trainer.batch.TokenizedExample;
import java.util.List;

/** Forward, loss and backward of one step; gradients accumulate in the models' parameters. */
public sealed interface StageStep permits RetrieverStep, RerankerStep, JointStep {
    /** Tokens for the models that the stage asks. */
    List<TokenizedExample> tokenize(List<Example> examples);

    /**
     * Accumulates the gradients of a step.
     *
     * @param step owner of everything the step needs on the device
     * @param examples at least one, all of the same length
     */
    StepLosses accumulate(NDManager step, List<TokenizedExample> examples);

    /** Tokens of all examples, padding left out. */
    static long tokens(List<TokenizedExample> examples) {
        return examples.stream().mapToLong(TokenizedExample::tokens).sum();
    }
}
