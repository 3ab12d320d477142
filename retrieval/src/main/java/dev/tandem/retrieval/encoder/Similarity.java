package dev.tandem.retrieval.encoder;

/** How a query's and a passage's embedding become a score. */
public enum Similarity {
    /** Dot product of the embeddings as pooled. */
    DOT,
    /** Dot product of embeddings of length 1. */
    COSINE
}
