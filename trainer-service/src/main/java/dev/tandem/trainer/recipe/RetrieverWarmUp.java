package dev.tandem.trainer.recipe;

import static java.util.Objects.requireNonNull;

/**
 * Hyperparameters of the retriever's warm-up (RocketQA step 1).
 *
 * @param steps updates; 0 skips the stage; default 10000 (Tandem; the paper counts epochs)
 * @param lists lists, that is queries, per step; 1 and more; default 512 (RocketQA, per device)
 * @param hardNegatives hard negatives of its own list that each query meets beside the in-batch ones, 0 to L − 1; default 4
 *     (RocketQA)
 * @param rate learning rate at full share, above 0; default 3e-5 (RocketQA)
 * @param schedule its course over the stage; default linear to 0 after a warm-up over 10 % (RocketQA)
 */
public record RetrieverWarmUp(int steps, int lists, int hardNegatives, double rate, Schedule schedule) {
    public RetrieverWarmUp {
        requireNonNull(schedule, "schedule is null");
        Check.atLeast("retriever-warm-up.steps", steps, 0);
        Check.atLeast("retriever-warm-up.lists", lists, 1);
        Check.atLeast("retriever-warm-up.hard-negatives", hardNegatives, 0);
        Check.positive("retriever-warm-up.rate", rate);
    }
}
