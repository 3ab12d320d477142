package dev.tandem.trainer.recipe;

/** Which divergence the joint stage distils by; paper and released code differ, and both are offered by name. */
public enum Distillation {
    /** Σ p_de log(p_de / p_ce), both models updated by it (RocketQAv2, Eq. 4 as printed). */
    PAPER,
    /** KL(p_ce ‖ p_de), the re-ranker gets no gradient from it (RocketQAv2, released code). */
    RELEASED_CODE
}
