package dev.tandem.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;

/**
 * −log softmax of the query's own positive among the positives of all queries of the batch and its own hard negatives
 * (RocketQA step 1: Qu et al., NAACL 2021, Eq. 2, with in-batch negatives): the retriever learns from the label.
 */
public final class InBatchSoftmax {
    private InBatchSoftmax() {}

    /**
     * Cross entropy of the positive among the columns (B positives, then H hard negatives).
     *
     * @param queries_BD query embeddings; gradients flow
     * @param positives_BD embedding of each query's positive; gradients flow
     * @param negatives_BHD embeddings of each query's hard negatives, or null where there are none; gradients flow
     * @param scale scalar, 1 / temperature
     * @param mask_BB 0 where row's query competes with column's positive, a large negative number where that passage is
     *     a positive of the row's query as well; 0 on the diagonal
     * @param weight_B weight of each query
     * @return scalar
     */
    public static NDArray loss(
            NDArray queries_BD,
            NDArray positives_BD,
            NDArray negatives_BHD,
            NDArray scale,
            NDArray mask_BB,
            NDArray weight_B) {
        long queries = queries_BD.getShape().get(0);
        NDArray scores_BC =
                queries_BD.matMul(positives_BD.transpose()).mul(scale).add(mask_BB);
        if (negatives_BHD != null) {
            NDArray hard_BH = Similarity.scores_BL(queries_BD, negatives_BHD, scale);
            scores_BC = NDArrays.concat(new NDList(scores_BC, hard_BH), 1);
        }
        NDArray own_BB = queries_BD.getManager().eye((int) queries);
        NDArray logShare_BB = scores_BC.logSoftmax(-1).get(":, :" + queries);
        NDArray logOwn_B = logShare_BB.mul(own_BB).sum(new int[] {-1});
        return logOwn_B.neg().mul(weight_B).sum();
    }
}
