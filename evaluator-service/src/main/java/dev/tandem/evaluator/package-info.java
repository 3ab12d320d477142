/**
 * {@link dev.tandem.evaluator.Evaluation} (the loop), {@code EvaluatorConfig}, {@code EvaluatorApplication}: checkpoints in,
 * evaluations and promotions out.
 */
package dev.tandem.evaluator;
