package dev.tandem.trainer.recipe;

/**
 * Hyperparameters of AdamW, the same in every stage.
 *
 * @param beta1 decay of the first moment, 0 to 1; default 0.9 (code)
 * @param beta2 decay of the second moment, 0 to 1; default 0.999 (code)
 * @param epsilon added to the root of the second moment, above 0; default 1e-8 (code)
 * @param decay decoupled weight decay, 0 to 1, on all parameters but biases and LayerNorm; default 0.01 (code)
 * @param clipNorm global norm to which the gradients of a step are clipped, above 0; default 1.0 (code)
 */
public record Optimizer(double beta1, double beta2, double epsilon, double decay, double clipNorm) {
    public Optimizer {
        Check.between("optimizer.beta1", beta1, 0, 1);
        Check.between("optimizer.beta2", beta2, 0, 1);
        Check.positive("optimizer.epsilon", epsilon);
        Check.between("optimizer.decay", decay, 0, 1);
        Check.positive("optimizer.clip-norm", clipNorm);
    }
}
