package dev.tandem.evaluator.history;

/** What followed from an evaluation. */
public enum Decision {
    /** It is the champion now. */
    PROMOTED,
    /** Not provably better. */
    REJECTED,
    /** A newer one of its stage was waiting. */
    SKIPPED,
    /** Missing, corrupt, forged or broken. */
    REFUSED
}
