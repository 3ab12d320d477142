package dev.tandem.trainer.stage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tandem.retrieval.encoder.CrossEncoder;
import dev.tandem.retrieval.token.TokenIds;
import dev.tandem.trainer.batch.Example;
import dev.tandem.trainer.batch.MicroBatches;
import dev.tandem.trainer.batch.TokenizedExample;
import dev.tandem.trainer.loss.ListwiseCrossEntropy;
import java.util.List;
import java.util.Map;

/**
 * Re-ranker warm-up: listwise cross entropy on the label.
 *
 * @param tokensPerMicroBatch tokens whose activations are held at once
 */
public record RerankerStep(CrossEncoder reranker, int tokensPerMicroBatch) implements StageStep {
    @Override
    public List<TokenizedExample> tokenize(List<Example> examples) {
        return TokenizedExample.of(examples, reranker);
    }

    @Override
    public StepLosses accumulate(NDManager step, List<TokenizedExample> examples) {
        long labelled = Weights.labelled(examples);
        return MicroBatches.of(examples, TokenizedExample::tokens, tokensPerMicroBatch).stream()
                .map(part -> accumulate(step, part, labelled))
                .reduce(StepLosses::plus)
                .orElseThrow();
    }

    private StepLosses accumulate(NDManager step, List<TokenizedExample> examples, long labelledOfStep) {
        try (Piece piece = new Piece(step, examples, tokensPerMicroBatch)) {
            List<TokenIds> pairs = TokenizedExample.pairs(examples);
            NDArray scores_BL = piece.encode(reranker::scores_N, pairs).reshape(examples.size(), -1);
            NDArray weight_B = Weights.labelled_B(piece.manager(), examples, labelledOfStep);
            NDArray loss = ListwiseCrossEntropy.loss(scores_BL, weight_B);
            piece.backward(loss);
            double value = loss.getFloat();
            return new StepLosses(
                    value, Map.of(StepLosses.CROSS_ENTROPY, value), StageStep.tokens(examples), piece.computed());
        }
    }
}
