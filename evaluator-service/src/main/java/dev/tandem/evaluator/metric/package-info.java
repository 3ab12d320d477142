/**
 * How good a ranking is: recall@k, success@k, MRR@k, nDCG@k, precision@k and MAP, equal to trec_eval's values.
 *
 * <p>A mean is over all judged queries; a query that was not answered counts 0. Pure functions: no clock, no file, no
 * randomness without a seed.
 */
package dev.tandem.evaluator.metric;
