package dev.tandem.trainer.recipe;

import static java.util.Objects.requireNonNull;

import dev.tandem.trainer.recipe.Schedule.Decay;

/**
 * Every hyperparameter of a training; stored in each checkpoint, printed at start.
 *
 * <p>Not here because they belong to the models and travel with their weights: lengths, pooling, similarity and
 * temperature ({@code encoding.json}), dropout ({@code config.json}).
 *
 * @param seed decides everything that is drawn at random: lists, negatives, dropout
 * @param plateau when a warm-up ends before it has made all its steps
 * @param tokensPerMicroBatch tokens whose activations are held at once, 1 and more (one sequence is never cut); bounds memory and
 *     changes no result, but costs a second forward pass where a list, or with in-batch negatives the step, has more; default
 *     32768 (Tandem)
 */
public record TrainingRecipe(
        long seed,
        RetrieverWarmUp retrieverWarmUp,
        RerankerWarmUp rerankerWarmUp,
        Joint joint,
        Optimizer optimizer,
        Replay replay,
        Plateau plateau,
        int tokensPerMicroBatch) {
    public TrainingRecipe {
        requireNonNull(retrieverWarmUp, "retrieverWarmUp is null");
        requireNonNull(rerankerWarmUp, "rerankerWarmUp is null");
        requireNonNull(joint, "joint is null");
        requireNonNull(optimizer, "optimizer is null");
        requireNonNull(replay, "replay is null");
        plateau = plateau == null ? Plateau.NEVER : plateau; // in a checkpoint from before there was one
        Check.atLeast("tokens-per-micro-batch", tokensPerMicroBatch, 1);
    }

    /** The papers' values, and ours where they are silent. */
    public static TrainingRecipe paper() {
        return new TrainingRecipe(
                1,
                new RetrieverWarmUp(10_000, 512, 4, 3e-5, new Schedule(1_000, Decay.LINEAR, 10_000, 0)),
                new RerankerWarmUp(10_000, 64, 5, 1e-5, Schedule.constant(), 0, 0.8, 20, false, false),
                new Joint(0, 96, 128, 1e-5, 1e-5, Schedule.constant(), Distillation.PAPER, true, false, 1, 0),
                new Optimizer(0.9, 0.999, 1e-8, 0.01, 1.0),
                new Replay(0.5, 3, 100_000, 256, 1),
                new Plateau(500, 0.01),
                32_768);
    }

    /** Updates of a stage, at most where it ends on a plateau; 0 when it is skipped, or has no end if it is the joint one. */
    public int steps(Stage stage) {
        return switch (stage) {
            case RETRIEVER_WARM_UP -> retrieverWarmUp.steps();
            case RERANKER_WARM_UP -> rerankerWarmUp.steps();
            case JOINT -> joint.steps();
        };
    }

    /** Lists per step of a stage. */
    public int lists(Stage stage) {
        return switch (stage) {
            case RETRIEVER_WARM_UP -> retrieverWarmUp.lists();
            case RERANKER_WARM_UP -> rerankerWarmUp.lists();
            case JOINT -> joint.lists();
        };
    }

    /** Passages per list of a stage, the positive included. */
    public int listLength(Stage stage) {
        return switch (stage) {
            case RETRIEVER_WARM_UP -> 1 + retrieverWarmUp.hardNegatives();
            case RERANKER_WARM_UP -> rerankerWarmUp.listLength();
            case JOINT -> joint.listLength();
        };
    }

    /** Loss of a model that gives every candidate of a warm-up the same score. */
    public double guessingLoss(Stage stage) {
        return switch (stage) {
            case RETRIEVER_WARM_UP -> Math.log(retrieverWarmUp.lists() + retrieverWarmUp.hardNegatives());
            case RERANKER_WARM_UP -> Math.log(rerankerWarmUp.listLength());
            case JOINT -> throw new IllegalArgumentException("The joint stage is no warm-up");
        };
    }

    /** Course of the learning rates over a stage. */
    public Schedule schedule(Stage stage) {
        return switch (stage) {
            case RETRIEVER_WARM_UP -> retrieverWarmUp.schedule();
            case RERANKER_WARM_UP -> rerankerWarmUp.schedule();
            case JOINT -> joint.schedule();
        };
    }
}
