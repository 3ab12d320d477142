package dev.tandem.trainer.loss;

import ai.djl.ndarray.NDArray;

/**
 * The pointwise ablation: every passage judged by itself, BCE(s, t) = −t log σ(s) − (1 − t) log(1 − σ(s)) = softplus(s) − t s,
 * summed over each list, then over the lists with their weights.
 */
public final class PointwiseLoss {
    private PointwiseLoss() {}

    /**
     * Supervised term: target 1 for the positive at index 0, 0 for all others.
     *
     * @param crossScores_BL re-ranker's logits; gradients flow
     * @param weight_B weight of each list, 0 for a list without a positive
     * @return scalar
     */
    public static NDArray crossEntropy(NDArray crossScores_BL, NDArray weight_B) {
        NDArray softplus_B = softplus(crossScores_BL).sum(new int[] {-1});
        return softplus_B.sub(crossScores_BL.get(":, 0")).mul(weight_B).sum();
    }

    /**
     * Distillation term: the retriever's σ(similarity) learns the re-ranker's σ(logit).
     *
     * @param dualScores_BL retriever's similarities; gradients flow
     * @param crossScores_BL re-ranker's logits, same passage order; detached
     * @param weight_B weight of each list
     * @return scalar
     */
    public static NDArray distillation(NDArray dualScores_BL, NDArray crossScores_BL, NDArray weight_B) {
        NDArray target_BL = crossScores_BL.stopGradient().getNDArrayInternal().sigmoid();
        NDArray loss_BL = softplus(dualScores_BL).sub(target_BL.mul(dualScores_BL));
        return loss_BL.sum(new int[] {-1}).mul(weight_B).sum();
    }

    private static NDArray softplus(NDArray x) {
        return x.getNDArrayInternal().softPlus();
    }
}
