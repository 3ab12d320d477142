package dev.tandem.trainer.recipe;

import static java.util.Objects.requireNonNull;

/**
 * Hyperparameters of the joint stage (RocketQAv2): loss = klWeight · L_KL + L_sup + inBatchWeight · L_in-batch.
 *
 * @param steps updates before training ends; 0 for no end; default 0
 * @param lists lists per step, 1 and more; default 96 (RocketQAv2)
 * @param listLength passages per list, 2 and more; default 128 (RocketQAv2, MS MARCO; 32 on NQ)
 * @param retrieverRate retriever's learning rate at full share, above 0; default 1e-5 (RocketQAv2)
 * @param rerankerRate re-ranker's learning rate at full share, above 0; default 1e-5 (RocketQAv2)
 * @param schedule course of both rates; default constant (code)
 * @param distillation what is distilled; default {@link Distillation#PAPER}, the best of the three on dev queries of both
 *     collections measured
 * @param dynamic whether the re-ranker goes on learning; false is the paper's static ablation, with its weights frozen;
 *     default true
 * @param pointwise whether each passage is judged by itself, the paper's pointwise ablation; default false
 * @param klWeight weight of the distillation term, 0 and more; default 1 (RocketQAv2)
 * @param inBatchWeight weight of the retriever's in-batch term, 0 and more; 0 leaves it out; default 0 (RocketQAv2)
 */
public record Joint(
        int steps,
        int lists,
        int listLength,
        double retrieverRate,
        double rerankerRate,
        Schedule schedule,
        Distillation distillation,
        boolean dynamic,
        boolean pointwise,
        double klWeight,
        double inBatchWeight) {
    public Joint {
        requireNonNull(schedule, "schedule is null");
        requireNonNull(distillation, "distillation is null");
        Check.atLeast("joint.steps", steps, 0);
        Check.atLeast("joint.lists", lists, 1);
        Check.atLeast("joint.list-length", listLength, 2);
        Check.positive("joint.retriever-rate", retrieverRate);
        Check.positive("joint.reranker-rate", rerankerRate);
        Check.between("joint.kl-weight", klWeight, 0, 1e6);
        Check.between("joint.in-batch-weight", inBatchWeight, 0, 1e6);
    }
}
