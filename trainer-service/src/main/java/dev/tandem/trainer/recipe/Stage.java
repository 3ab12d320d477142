package dev.tandem.trainer.recipe;

/** What a step trains, in the order of a training that starts from nothing. */
public enum Stage {
    /** The retriever, on in-batch and hard negatives (RocketQA step 1). */
    RETRIEVER_WARM_UP,
    /** The re-ranker, on candidate lists (RocketQA step 2). */
    RERANKER_WARM_UP,
    /** Both, by dynamic listwise distillation (RocketQAv2); it has no end of its own. */
    JOINT;

    /** The stage after this one; the joint stage follows itself. */
    public Stage next() {
        return this == RETRIEVER_WARM_UP ? RERANKER_WARM_UP : JOINT;
    }
}
