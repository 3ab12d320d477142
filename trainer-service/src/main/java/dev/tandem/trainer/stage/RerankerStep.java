package dev.tandem.trainer.stage;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
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
        try (NDManager part = step.newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray scores_BL = scores_BL(part, examples, reranker);
            NDArray loss = ListwiseCrossEntropy.loss(scores_BL, Weights.labelled_B(part, examples, labelledOfStep));
            collector.backward(loss);
            double value = loss.getFloat();
            return new StepLosses(value, Map.of(StepLosses.CROSS_ENTROPY, value), StageStep.tokens(examples));
        }
    }

    /** The re-ranker's logits of B examples, with gradients. */
    static NDArray scores_BL(NDManager part, List<TokenizedExample> examples, CrossEncoder reranker) {
        List<TokenIds> pairs =
                examples.stream().flatMap(example -> example.pairs().stream()).toList();
        NDArray scores_N = reranker.scores_N(part, pairs);
        return scores_N.reshape(examples.size(), pairs.size() / examples.size());
    }
}
