package dev.tandem.trainer.stage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tandem.trainer.batch.TokenizedExample;
import java.util.List;

/** Constants of a step as tensors that PyTorch owns; a Java number in a graph would be freed before backward. */
final class Weights {
    private static final float FAR_BELOW_ANY_SCORE = -1e9f;

    private Weights() {}

    /** The same weight for every list: its share of the whole step. */
    static NDArray equal_B(NDManager manager, int lists, int listsOfStep) {
        return manager.full(new Shape(lists), 1f / listsOfStep, DataType.FLOAT32);
    }

    /** Equal weights of the labelled lists, 0 for the others. */
    static NDArray labelled_B(NDManager manager, List<TokenizedExample> part, long labelledOfStep) {
        float[] weights = new float[part.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = part.get(i).example().labelled() ? 1f / labelledOfStep : 0;
        }
        return manager.create(weights);
    }

    static NDArray scalar(NDManager manager, double value) {
        return manager.full(new Shape(), (float) value, DataType.FLOAT32);
    }

    /** Hides the positives of other queries that are positives of the row's query as well. */
    static NDArray mask_BB(NDManager manager, List<TokenizedExample> examples) {
        int size = examples.size();
        float[] mask = new float[size * size];
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                String other = examples.get(column).example().passages().get(0).id();
                if (row != column && examples.get(row).example().positives().contains(other)) {
                    mask[row * size + column] = FAR_BELOW_ANY_SCORE;
                }
            }
        }
        return manager.create(mask, new Shape(size, size));
    }

    static long labelled(List<TokenizedExample> examples) {
        return examples.stream().filter(one -> one.example().labelled()).count();
    }
}
