package dev.tandem.trainer.recipe;

import static java.util.Objects.requireNonNull;

/**
 * Hyperparameters of the re-ranker's warm-up (RocketQA step 2): listwise cross entropy on candidate lists.
 *
 * <p>From a random start a re-ranker stays at chance on hard negatives; it leaves it when the first negatives are random
 * passages and its first attention layer compares tokens from the start. From a pre-trained checkpoint neither is needed.
 *
 * @param steps updates, easy ones included; 0 skips the stage; default 10000 (Tandem; the paper counts epochs)
 * @param lists lists per step, 1 and more; default 64 (RocketQA)
 * @param listLength passages per list, 2 and more; default 5 (RocketQA: one positive, four negatives)
 * @param rate learning rate at full share, above 0; default 1e-5 (RocketQA)
 * @param schedule its course over the stage; default constant (RocketQA: no warm-up)
 * @param easySteps most updates with random passages as negatives before the lists' own; 0 and more; default 0
 * @param easyUntilLoss the easy part ends sooner when the mean loss of the last {@code easyWindow} updates is below this;
 *     default 0.8 (Tandem)
 * @param easyWindow updates in that mean, 1 and more; default 20 (Tandem)
 * @param trunkFromRetriever whether the stage starts from the retriever's encoder instead of the given cross encoder;
 *     default false (RocketQAv2 starts it from a pre-trained one)
 * @param mimeticFirstLayer whether, with {@code trunkFromRetriever}, the first attention layer is set to compare tokens
 *     (after Trockman and Kolter 2023) and the two sides are told apart; default false
 */
public record RerankerWarmUp(
        int steps,
        int lists,
        int listLength,
        double rate,
        Schedule schedule,
        int easySteps,
        double easyUntilLoss,
        int easyWindow,
        boolean trunkFromRetriever,
        boolean mimeticFirstLayer) {
    public RerankerWarmUp {
        requireNonNull(schedule, "schedule is null");
        Check.atLeast("reranker-warm-up.steps", steps, 0);
        Check.atLeast("reranker-warm-up.lists", lists, 1);
        Check.atLeast("reranker-warm-up.list-length", listLength, 2);
        Check.positive("reranker-warm-up.rate", rate);
        Check.atLeast("reranker-warm-up.easy-steps", easySteps, 0);
        Check.between("reranker-warm-up.easy-until-loss", easyUntilLoss, 0, 100);
        Check.atLeast("reranker-warm-up.easy-window", easyWindow, 1);
    }
}
