/**
 * Candidate lists to tensors: which lists a step learns from, and how they become token batches.
 *
 * <p>{@link dev.tandem.trainer.batch.ListPool} chooses lists, {@link dev.tandem.trainer.batch.Examples} cuts them to the
 * length a stage wants, {@link dev.tandem.trainer.batch.TokenBatch} holds their tokens. Everything drawn at random follows
 * from a seed alone, so that a step can be repeated exactly.
 */
package dev.tandem.trainer.batch;
