/**
 * {@link dev.tandem.quickstart.ablation.Ablation}: what each part of the method is worth, on one corpus, by the very loops of
 * miner and trainer and the metrics of the evaluator.
 *
 * <p>For each seed one warm start: the retriever is warmed up on lists mined by BM25, the re-ranker on lists mined by that
 * retriever. From this one pair of models every {@link dev.tandem.quickstart.ablation.Variant} makes the same number of further
 * steps on lists mined by the pair, and is measured on queries that none has trained on. The two rows the method stands or
 * falls by are {@code full} and {@code separate}.
 */
package dev.tandem.quickstart.ablation;
