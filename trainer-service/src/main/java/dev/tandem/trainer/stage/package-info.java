/**
 * What one step of each stage computes: forward, loss, backward, by micro-batches whose gradients add up.
 *
 * <p>Native memory is owned by the step's manager; only numbers leave it.
 */
package dev.tandem.trainer.stage;
