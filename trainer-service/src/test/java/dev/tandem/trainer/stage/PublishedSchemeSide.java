package dev.tandem.trainer.stage;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.tandem.retrieval.token.TokenIds;
import dev.tandem.trainer.loss.ListwiseCrossEntropy;
import dev.tandem.trainer.loss.ListwiseDistillation;
import dev.tandem.trainer.recipe.Stage;
import java.nio.file.Path;
import java.util.List;

/**
 * The published scheme of RocketQAv2 with our own encoders and optimizer, so that the scheme alone differs: the query is
 * encoded once per passage and everything is padded to its longest. Padding is not masked here, which changes the numbers
 * but not the work.
 */
final class PublishedSchemeSide implements Side {
    private final Models models;
    private final List<PaddedStep> steps;

    PublishedSchemeSide(Path directory, List<PaddedStep> steps) {
        this.models = Models.open(directory, SpeedRecipe.RECIPE, ModelSize.COMPUTE);
        models.begin(Stage.JOINT);
        this.steps = steps;
    }

    @Override
    public double run(int round) {
        PaddedStep padded = steps.get(round % steps.size());
        long began = System.nanoTime();
        try (NDManager step = models.newStep()) {
            accumulate(step, padded);
            models.clip(step);
            models.update(step, 1);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private void accumulate(NDManager step, PaddedStep padded) {
        List<TokenIds> queries = padded.full(padded.queries(), ModelSize.QUERY_TOKENS);
        List<TokenIds> passages = padded.full(padded.passages(), ModelSize.PASSAGE_TOKENS);
        List<TokenIds> pairs = padded.full(padded.pairs(), ModelSize.CROSS_TOKENS);
        try (NDManager part = step.newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray queries_ND = models.retriever().queries_BD(part, queries);
            NDArray passages_ND = models.retriever().passages_ND(part, passages);
            NDArray dual_N = queries_ND.mul(passages_ND).sum(new int[] {-1});
            NDArray dual_BL = dual_N.reshape(padded.lists(), padded.length());
            NDArray cross_BL = models.reranker().scores_N(part, pairs).reshape(padded.lists(), padded.length());
            NDArray equal_B = Weights.equal_B(part, padded.lists(), padded.lists());
            collector.backward(ListwiseDistillation.releasedCode(dual_BL, cross_BL, equal_B)
                    .add(ListwiseCrossEntropy.loss(cross_BL, equal_B)));
        }
    }

    @Override
    public void close() {
        models.close();
    }
}
