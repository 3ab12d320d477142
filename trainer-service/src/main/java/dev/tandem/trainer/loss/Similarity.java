package dev.tandem.trainer.loss;

import ai.djl.ndarray.NDArray;

/** The retriever's similarity of a query to each passage of its list: s_de = q · p / temperature (RocketQAv2, Eq. 1). */
public final class Similarity {
    private Similarity() {}

    /**
     * Similarity of every passage to the query of its list.
     *
     * @param queries_BD query embeddings; gradients flow
     * @param passages_BLD passage embeddings; gradients flow
     * @param scale scalar, 1 / temperature
     * @return similarities, (B, L)
     */
    public static NDArray scores_BL(NDArray queries_BD, NDArray passages_BLD, NDArray scale) {
        return passages_BLD.matMul(queries_BD.expandDims(-1)).squeeze(-1).mul(scale);
    }
}
