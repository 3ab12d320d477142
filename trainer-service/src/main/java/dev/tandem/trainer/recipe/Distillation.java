package dev.tandem.trainer.recipe;

/** Which divergence the joint stage distils by; paper and released code differ, and both are offered by name beside our own. */
public enum Distillation {
    /** Σ p_de log(p_de / p_ce), both models updated by it (RocketQAv2, Eq. 4 as printed). */
    PAPER,
    /** KL(p_ce ‖ p_de), the re-ranker gets no gradient from it (RocketQAv2, released code). */
    RELEASED_CODE,
    /**
     * KL(p_both ‖ p_de) + KL(p_both ‖ p_ce), where p_both is the softmax of the mean of both models' log-probabilities and gets no
     * gradient: each learns from what both together say (on-the-fly ensemble: Lan et al., NeurIPS 2018, Eq. 6). Both ranked
     * together are better than either, so that this teacher knows more than the re-ranker, and the re-ranker learns as well.
     */
    ENSEMBLE
}
