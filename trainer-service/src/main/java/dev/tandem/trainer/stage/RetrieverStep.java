package dev.tandem.trainer.stage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.trainer.batch.Example;
import dev.tandem.trainer.batch.TokenizedExample;
import dev.tandem.trainer.loss.InBatchSoftmax;
import java.util.List;
import java.util.Map;

/**
 * Retriever warm-up: every query against the positives of the whole batch and its own hard negatives. The batch is one piece,
 * for its columns are the batch.
 *
 * @param tokensPerMicroBatch tokens whose activations are held at once
 */
public record RetrieverStep(DualEncoder retriever, int tokensPerMicroBatch) implements StageStep {
    @Override
    public List<TokenizedExample> tokenize(List<Example> examples) {
        return TokenizedExample.of(examples, retriever);
    }

    @Override
    public StepLosses accumulate(NDManager step, List<TokenizedExample> examples) {
        try (Piece piece = new Piece(step, examples, tokensPerMicroBatch)) {
            Embeddings embeddings = Embeddings.of(piece, examples, retriever);
            NDArray loss = inBatch(piece.manager(), examples, embeddings);
            piece.backward(loss);
            double value = loss.getFloat();
            return new StepLosses(
                    value, Map.of(StepLosses.IN_BATCH, value), StageStep.tokens(examples), piece.computed());
        }
    }

    /** In-batch softmax of the labelled examples. */
    static NDArray inBatch(NDManager piece, List<TokenizedExample> examples, Embeddings embeddings) {
        return InBatchSoftmax.loss(
                embeddings.queries_BD(),
                embeddings.positives_BD(),
                embeddings.negatives_BHD(),
                embeddings.scale(),
                Weights.mask_BB(piece, examples),
                Weights.labelled_B(piece, examples, Weights.labelled(examples)));
    }
}
