package dev.tandem.miner.serving;

/** How the passages of a champion are searched. */
public enum IndexKind {
    /** Looks at every embedding, in the heap. */
    EXACT,
    /** Looks at few of them, led by a graph, on disk; misses some. */
    HNSW
}
