package dev.tandem.retrieval.encoder;

/** How a sequence's hidden states become one vector. */
public enum Pooling {
    /** The first token's hidden state, as RocketQAv2 does. */
    CLS,
    /** The mean over all tokens that are not padding. */
    MEAN
}
