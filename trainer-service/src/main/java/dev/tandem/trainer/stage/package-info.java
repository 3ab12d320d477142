/**
 * What one step of each stage computes: forward, loss, backward, by micro-batches whose gradients add up.
 *
 * <p>{@link dev.tandem.trainer.stage.Piece} is the unit of a forward and a backward pass: lists whose loss can be computed apart
 * from the others', in one graph if they fit into a micro-batch, else with cached gradients.
 *
 * <p>Native memory is owned by the step's manager; only numbers leave it.
 */
package dev.tandem.trainer.stage;
