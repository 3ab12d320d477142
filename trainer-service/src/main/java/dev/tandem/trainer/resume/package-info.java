/**
 * {@link dev.tandem.trainer.resume.TrainingState}: step, seed, consumer offsets, recipe; with the weights and moments, all
 * that a checkpoint must hold so that the run that was killed and the run that was not end with the same weights.
 *
 * <p>No random generator's state is kept: everything drawn at random in a step follows from the recipe's seed and the number
 * of the draw.
 */
package dev.tandem.trainer.resume;
