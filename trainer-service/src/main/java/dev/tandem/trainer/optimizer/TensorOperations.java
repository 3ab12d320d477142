package dev.tandem.trainer.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.tandem.retrieval.encoder.TorchModule;

/** The functions of adamw.torchscript, called with autograd off, for they change parameters in place. */
final class TensorOperations implements AutoCloseable {
    private final TorchModule module;

    TensorOperations(NDManager manager) {
        module = TorchModule.load(manager, TorchModule.source(TensorOperations.class, "adamw.torchscript"));
    }

    NDArray call(String function, NDArray first, NDList... lists) {
        NDList arguments = new NDList(first);
        for (int i = 0; i < lists.length; i++) {
            arguments.addAll(TorchModule.list("list" + i, lists[i]));
        }
        return call(function, arguments);
    }

    NDArray call(String function, NDList arguments) {
        return TorchModule.withoutGraph(
                () -> module.call(function, true, arguments).singletonOrThrow());
    }

    @Override
    public void close() {
        module.close();
    }
}
