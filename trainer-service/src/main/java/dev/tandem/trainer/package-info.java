/**
 * {@link dev.tandem.trainer.Training} turns candidate lists into better checkpoints, for as long as lists keep coming.
 *
 * <p>It reads {@code candidate-lists}, announces on {@code checkpoints}, and listens to {@code promotions} so that no
 * checkpoint that was promoted is deleted and a new champion's lists are used afresh. Offsets live in the checkpoint, not in
 * a consumer group: a restart goes on at the very next list after those the checkpoint has learned from.
 */
package dev.tandem.trainer;
