package dev.tandem.trainer.stage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tandem.retrieval.encoder.CrossEncoder;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.token.TokenIds;
import dev.tandem.trainer.batch.Example;
import dev.tandem.trainer.batch.MicroBatches;
import dev.tandem.trainer.batch.TokenizedExample;
import dev.tandem.trainer.loss.ListwiseCrossEntropy;
import dev.tandem.trainer.loss.ListwiseDistillation;
import dev.tandem.trainer.loss.PointwiseLoss;
import dev.tandem.trainer.recipe.Joint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Joint training by listwise distillation over hybrid lists: L = w_KL · L_KL + L_sup (RocketQAv2, Eq. 6), and where the
 * recipe wants it the retriever's in-batch term beside. A list without a positive has the distillation term alone. A static
 * re-ranker scores as it does when it serves, without dropout.
 *
 * <p>A piece of the step is as many lists as fit into a micro-batch, and at least one; with an in-batch term, whose columns are
 * the batch, it is the whole step.
 *
 * @param tokensPerMicroBatch tokens whose activations are held at once
 */
public record JointStep(DualEncoder retriever, CrossEncoder reranker, Joint recipe, int tokensPerMicroBatch)
        implements StageStep {
    @Override
    public List<TokenizedExample> tokenize(List<Example> examples) {
        return TokenizedExample.of(examples, retriever, reranker);
    }

    @Override
    public StepLosses accumulate(NDManager step, List<TokenizedExample> examples) {
        long budget = recipe.inBatchWeight() > 0 ? Long.MAX_VALUE : tokensPerMicroBatch;
        return MicroBatches.of(examples, TokenizedExample::tokens, budget).stream()
                .map(part -> accumulate(step, part, examples))
                .reduce(StepLosses::plus)
                .orElseThrow();
    }

    private StepLosses accumulate(NDManager step, List<TokenizedExample> examples, List<TokenizedExample> ofStep) {
        try (Piece piece = new Piece(step, examples, tokensPerMicroBatch)) {
            NDManager part = piece.manager();
            Embeddings embeddings = Embeddings.of(piece, examples, retriever);
            NDArray dual_BL = embeddings.scores_BL();
            NDArray cross_BL = cross_BL(piece, examples);
            Map<String, NDArray> terms = new HashMap<>();

            NDArray equal_B = Weights.equal_B(part, examples.size(), ofStep.size());
            NDArray distillation = distillation(dual_BL, cross_BL, equal_B);
            terms.put(StepLosses.DISTILLATION, distillation);
            NDArray total = distillation.mul(Weights.scalar(part, recipe.klWeight()));
            if (recipe.dynamic()) {
                long labelled = Math.max(1, Weights.labelled(ofStep));
                NDArray supervised = supervised(cross_BL, Weights.labelled_B(part, examples, labelled));
                terms.put(StepLosses.CROSS_ENTROPY, supervised);
                total = total.add(supervised);
            }
            if (recipe.inBatchWeight() > 0 && Weights.labelled(examples) > 0) {
                NDArray inBatch = RetrieverStep.inBatch(part, examples, embeddings);
                terms.put(StepLosses.IN_BATCH, inBatch);
                total = total.add(inBatch.mul(Weights.scalar(part, recipe.inBatchWeight())));
            }
            piece.backward(total);

            Map<String, Double> values = new HashMap<>();
            terms.forEach((name, term) -> values.put(name, (double) term.getFloat()));
            values.put(StepLosses.AGREEMENT, (double) agreements(dual_BL, cross_BL) / ofStep.size());
            return new StepLosses(total.getFloat(), values, StageStep.tokens(examples), piece.computed());
        }
    }

    private NDArray cross_BL(Piece piece, List<TokenizedExample> examples) {
        List<TokenIds> pairs = TokenizedExample.pairs(examples);
        NDArray cross_N = recipe.dynamic()
                ? piece.encode(reranker::scores_N, pairs)
                : piece.encodeFrozen(reranker::frozenScores_N, pairs);
        return cross_N.reshape(examples.size(), -1);
    }

    private NDArray distillation(NDArray dual_BL, NDArray cross_BL, NDArray weight_B) {
        if (recipe.pointwise()) {
            return PointwiseLoss.distillation(dual_BL, cross_BL, weight_B);
        }
        return switch (recipe.distillation()) {
            case PAPER -> ListwiseDistillation.paper(dual_BL, cross_BL, weight_B);
            case RELEASED_CODE -> ListwiseDistillation.releasedCode(dual_BL, cross_BL, weight_B);
            case ENSEMBLE -> ListwiseDistillation.ensemble(dual_BL, cross_BL, weight_B);
        };
    }

    private NDArray supervised(NDArray cross_BL, NDArray weight_B) {
        return recipe.pointwise()
                ? PointwiseLoss.crossEntropy(cross_BL, weight_B)
                : ListwiseCrossEntropy.loss(cross_BL, weight_B);
    }

    private static int agreements(NDArray dual_BL, NDArray cross_BL) {
        long[] dual = dual_BL.argMax(-1).toLongArray();
        long[] cross = cross_BL.argMax(-1).toLongArray();
        int same = 0;
        for (int i = 0; i < dual.length; i++) {
            same += dual[i] == cross[i] ? 1 : 0;
        }
        return same;
    }
}
