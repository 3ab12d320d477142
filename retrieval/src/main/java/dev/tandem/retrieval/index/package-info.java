/**
 * Exact and approximate search over embeddings, and BM25 over words.
 *
 * <p>All answer with a {@link dev.tandem.retrieval.Ranking}, so that equal scores fall in one order everywhere: by
 * passage id, never by the order in which passages were added.
 */
package dev.tandem.retrieval.index;
