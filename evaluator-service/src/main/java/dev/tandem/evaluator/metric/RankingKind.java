package dev.tandem.evaluator.metric;

import java.util.Locale;

/** Which ranking is measured. */
public enum RankingKind {
    /** By words, without any model: the line every model has to beat. */
    BM25,
    /** By the dual encoder. */
    RETRIEVER,
    /** The retriever's top passages ordered by the cross encoder. */
    RERANKER,
    /** The same passages ordered by the sum of both standardised scores. */
    FUSED,
    /** As a file says, whoever made it. */
    RUN;

    /** As events and pages spell it. */
    public String spec() {
        return name().toLowerCase(Locale.ROOT);
    }
}
