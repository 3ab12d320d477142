package dev.tandem.trainer.stage;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.trainer.batch.Example;
import dev.tandem.trainer.batch.TokenizedExample;
import dev.tandem.trainer.loss.InBatchSoftmax;
import java.util.List;
import java.util.Map;

/**
 * Retriever warm-up: every query against the positives of the whole batch and its own hard negatives. The batch is encoded
 * and differentiated in one piece, for its columns are the batch.
 */
public record RetrieverStep(DualEncoder retriever) implements StageStep {
    @Override
    public List<TokenizedExample> tokenize(List<Example> examples) {
        return TokenizedExample.of(examples, retriever);
    }

    @Override
    public StepLosses accumulate(NDManager step, List<TokenizedExample> examples) {
        try (NDManager part = step.newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            Embeddings embeddings = Embeddings.of(part, examples, retriever);
            NDArray loss = inBatch(part, examples, embeddings);
            collector.backward(loss);
            double value = loss.getFloat();
            return new StepLosses(value, Map.of(StepLosses.IN_BATCH, value), StageStep.tokens(examples));
        }
    }

    /** In-batch softmax of the labelled examples. */
    static NDArray inBatch(NDManager part, List<TokenizedExample> examples, Embeddings embeddings) {
        return InBatchSoftmax.loss(
                embeddings.queries_BD(),
                embeddings.positives_BD(),
                embeddings.negatives_BHD(),
                embeddings.scale(),
                Weights.mask_BB(part, examples),
                Weights.labelled_B(part, examples, Weights.labelled(examples)));
    }
}
