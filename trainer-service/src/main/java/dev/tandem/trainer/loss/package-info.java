/**
 * The equations: pure functions from tensors to a scalar tensor.
 *
 * <p>Shapes stand in names: B lists (or queries), L passages per list, H hard negatives per list, D embedding size. Every
 * loss takes {@code weight_B}, the weight of each list in the sum over lists: 1/B each gives the mean of the paper, 1/B of
 * the whole batch in each micro-batch gives the same gradients by accumulation, and 0 leaves a list out. Numbers that take
 * part in a graph come as tensors the caller keeps open until backward: DJL frees the temporary behind {@code x.mul(3f)}
 * while autograd still points to it. Equation numbers are those of RocketQAv2 (Ren et al., EMNLP 2021).
 */
package dev.tandem.trainer.loss;
