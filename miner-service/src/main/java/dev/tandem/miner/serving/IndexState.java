package dev.tandem.miner.serving;

import static java.util.Objects.requireNonNull;

/**
 * The index that serves.
 *
 * @param kind bm25, exact or hnsw
 * @param digest of the checkpoint whose embeddings it holds, empty without one: no other checkpoint's ever get into it
 * @param recall share of the passages an exact search finds that it found, measured on a sample of the queries mined lately;
 *     null while nothing was measured
 * @param embeddings where its embeddings came from
 */
public record IndexState(String kind, String digest, Double recall, EmbeddingSources embeddings) {
    /** BM25 over words is exact. */
    public static final IndexState WORDS = new IndexState("bm25", "", 1.0, EmbeddingSources.NONE);

    public IndexState {
        requireNonNull(kind, "kind is null");
        requireNonNull(digest, "digest is null");
        requireNonNull(embeddings, "embeddings is null");
    }
}
