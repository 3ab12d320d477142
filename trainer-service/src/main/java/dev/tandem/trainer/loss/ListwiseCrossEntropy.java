package dev.tandem.trainer.loss;

import ai.djl.ndarray.NDArray;

/**
 * −log p̃_ce(positive), summed over the lists with their weights (RocketQAv2, Eq. 5): the re-ranker learns from the label.
 *
 * <p>p̃_ce is the softmax over one list of the re-ranker's logits (Eq. 3); the positive stands at index 0.
 */
public final class ListwiseCrossEntropy {
    private ListwiseCrossEntropy() {}

    /**
     * Cross entropy of the positive among the passages of its list.
     *
     * @param crossScores_BL cross-encoder logits; gradients flow
     * @param weight_B weight of each list, 0 for a list without a positive
     * @return scalar
     */
    public static NDArray loss(NDArray crossScores_BL, NDArray weight_B) {
        NDArray logPositive_B = crossScores_BL.logSoftmax(-1).get(":, 0");
        return logPositive_B.neg().mul(weight_B).sum();
    }
}
