package dev.tandem.trainer.stage;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.tandem.retrieval.token.TokenIds;
import dev.tandem.trainer.recipe.Stage;
import java.nio.file.Path;
import java.util.List;

/** One update of the retriever's passage encoder: forward, mean square of the embeddings, backward, clipping, AdamW. */
final class EncoderStepSide implements Side {
    private final Models models;
    private final List<TokenIds> sequences;
    private double loss;

    EncoderStepSide(Path directory, List<TokenIds> sequences) {
        this.models = Models.open(directory, SpeedRecipe.RECIPE, ModelSize.COMPUTE);
        models.begin(Stage.RETRIEVER_WARM_UP);
        this.sequences = sequences;
    }

    @Override
    public double run(int round) {
        long began = System.nanoTime();
        try (NDManager step = models.newStep()) {
            loss = accumulate(step);
            models.clip(step);
            models.update(step, 1);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private double accumulate(NDManager step) {
        try (NDManager part = step.newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray embeddings_ND = models.retriever().passages_ND(part, sequences);
            NDArray meanSquare = embeddings_ND.mul(embeddings_ND).mean();
            collector.backward(meanSquare);
            return meanSquare.getFloat();
        }
    }

    /** Of the last round. */
    double loss() {
        return loss;
    }

    @Override
    public void close() {
        models.close();
    }
}
