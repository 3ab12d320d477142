package dev.tandem.trainer.loss;

import ai.djl.ndarray.NDArray;

/**
 * Kullback-Leibler divergence between the two models' relevance distributions over each list (RocketQAv2, Eq. 4), summed
 * over the list and over the lists with their weights.
 *
 * <p>The relevance distributions are softmaxes over one list: p̃_de of the retriever's similarities (Eq. 2), p̃_ce of the
 * re-ranker's logits (Eq. 3). The paper prints Σ p̃_de log(p̃_de / p̃_ce) and updates both models by it; the released code
 * computes KL(p̃_ce ‖ p̃_de) and gives the re-ranker no gradient from it. Both are here by name. The released code also
 * divides by the list's length L; here the sum over the list stands, and {@code kl-weight} of the recipe can carry 1/L.
 */
public final class ListwiseDistillation {
    private ListwiseDistillation() {}

    /**
     * KL(p̃_ce ‖ p̃_de), the direction of the released code.
     *
     * @param dualScores_BL retriever's similarities; gradients flow
     * @param crossScores_BL re-ranker's logits, same passage order; detached
     * @param weight_B weight of each list
     * @return scalar
     */
    public static NDArray releasedCode(NDArray dualScores_BL, NDArray crossScores_BL, NDArray weight_B) {
        NDArray logTeacher_BL = crossScores_BL.stopGradient().logSoftmax(-1);
        return divergence(logTeacher_BL, dualScores_BL.logSoftmax(-1), weight_B);
    }

    /**
     * KL(p̃_de ‖ p̃_ce), as the paper prints it.
     *
     * @param dualScores_BL retriever's similarities; gradients flow
     * @param crossScores_BL re-ranker's logits, same passage order; gradients flow
     * @param weight_B weight of each list
     * @return scalar
     */
    public static NDArray paper(NDArray dualScores_BL, NDArray crossScores_BL, NDArray weight_B) {
        return divergence(dualScores_BL.logSoftmax(-1), crossScores_BL.logSoftmax(-1), weight_B);
    }

    /**
     * KL(p̃_both ‖ p̃_de) + KL(p̃_both ‖ p̃_ce), where p̃_both is the softmax of the mean of both log-distributions: the teacher is
     * both models together (Lan et al., NeurIPS 2018, Eq. 6, with equal weights and without their gate).
     *
     * @param dualScores_BL retriever's similarities; gradients flow
     * @param crossScores_BL re-ranker's logits, same passage order; gradients flow
     * @param weight_B weight of each list
     * @return scalar
     */
    public static NDArray ensemble(NDArray dualScores_BL, NDArray crossScores_BL, NDArray weight_B) {
        NDArray logDual_BL = dualScores_BL.logSoftmax(-1);
        NDArray logCross_BL = crossScores_BL.logSoftmax(-1);
        NDArray logTeacher_BL = logDual_BL // no graph holds it: arithmetic with a Java number is safe
                .stopGradient()
                .add(logCross_BL.stopGradient())
                .mul(0.5f)
                .logSoftmax(-1);
        return divergence(logTeacher_BL, logDual_BL, weight_B).add(divergence(logTeacher_BL, logCross_BL, weight_B));
    }

    /** Σ_b w_b Σ_l P (log P − log Q); finite for any finite scores. */
    private static NDArray divergence(NDArray logP_BL, NDArray logQ_BL, NDArray weight_B) {
        NDArray divergence_B = logP_BL.exp().mul(logP_BL.sub(logQ_BL)).sum(new int[] {-1});
        return divergence_B.mul(weight_B).sum();
    }
}
