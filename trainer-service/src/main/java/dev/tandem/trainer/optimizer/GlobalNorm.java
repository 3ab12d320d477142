package dev.tandem.trainer.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tandem.retrieval.encoder.TorchModule;

/** Clipping by the norm of all gradients together: g ← g · min(1, most / (‖g‖ + 1e-6)), as in PyTorch. */
public final class GlobalNorm implements AutoCloseable {
    private final TensorOperations operations;

    public GlobalNorm(NDManager manager) {
        operations = new TensorOperations(manager);
    }

    /**
     * Clips gradients in place.
     *
     * @return their norm before clipping; not finite where one of them is not, and then the gradients are worthless
     */
    public float clip(NDManager step, NDList gradients, double most) {
        NDArray limit = step.full(new Shape(), (float) most, DataType.FLOAT32);
        return operations.call("clip", limit, gradients).getFloat();
    }

    /** Throws accumulated gradients away. */
    public void discard(NDList gradients) {
        operations.call("zero", TorchModule.list("list0", gradients));
    }

    @Override
    public void close() {
        operations.close();
    }
}
