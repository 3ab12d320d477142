package dev.tandem.miner.label;

/** What follows from clicks. */
public enum LabelDecision {
    /** A label with source clicks. */
    POSITIVE,
    /** Evidence that is kept and never becomes a judgement as it stands. */
    WEAK
}
