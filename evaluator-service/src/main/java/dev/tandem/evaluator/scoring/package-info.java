/**
 * Ranks the held-out queries with a checkpoint, with BM25 beside it, and measures the rankings.
 *
 * <p>The corpus is embedded once for each retriever and kept in step with what is published; queries are retrieved exactly,
 * the top passages re-ranked by the cross encoder and fused with the retriever's scores.
 */
package dev.tandem.evaluator.scoring;
