package dev.tandem.trainer.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
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
        boolean before = JniUtils.isGradMode(); // per thread, and on by default in a new one
        JniUtils.setGradMode(false);
        try {
            return module.call(function, true, arguments).singletonOrThrow();
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    @Override
    public void close() {
        module.close();
    }
}
