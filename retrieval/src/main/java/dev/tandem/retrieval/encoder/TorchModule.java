package dev.tandem.retrieval.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Functions in TorchScript, callable from Java: the way to every fused PyTorch operation, with gradients, without Python.
 *
 * <p>The source is plain {@code def} functions on tensors, tensor lists and numbers, in the dialect PyTorch writes into its
 * own archives (Python syntax, {@code torch.*} functions, methods on tensors). Constants are read as {@code self.name},
 * other functions are called as {@code self.f(x)}; the {@code self} parameter itself is left out of the definitions.
 *
 * <p>One instance serves either training or inference: an instance that has run in one mode fails in the other, so load
 * two. Calls in inference mode may come from many threads at once.
 */
public final class TorchModule implements AutoCloseable {
    private final PtSymbolBlock block;

    private TorchModule(PtSymbolBlock block) {
        this.block = block;
    }

    public static TorchModule load(NDManager manager, String source) {
        return load(manager, source, Map.of());
    }

    /**
     * Compiles {@code source} on the manager's device.
     *
     * @param constants integers and doubles by name
     */
    public static TorchModule load(NDManager manager, String source, Map<String, Number> constants) {
        try {
            Path archive = Files.createTempFile("tandem", ".pt");
            try {
                TorchArchive.write(archive, source, constants);
                return new TorchModule(
                        JniUtils.loadModule((PtNDManager) manager, archive, false, new String[0], new String[0], true));
            } finally {
                Files.delete(archive);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write a TorchScript archive to the temporary directory", e);
        }
    }

    /** The TorchScript source beside {@code type}, by file name. */
    public static String source(Class<?> type, String file) {
        try (InputStream stream = type.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalArgumentException("No resource %s beside %s".formatted(file, type.getName()));
            }
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read resource " + file, e);
        }
    }

    /**
     * Names arrays so that {@link #call} passes them as one {@code List[Tensor]} argument, and returns them.
     *
     * @param list any name, different from those of the call's other lists
     */
    public static NDList list(String list, List<NDArray> arrays) {
        String name = list + "[]";
        for (NDArray array : arrays) {
            if (!name.equals(array.getName())) {
                array.setName(name);
            }
        }
        return new NDList(arrays);
    }

    /**
     * Calls one function. Results belong to the manager of the first argument; with {@code train} they carry gradients, and
     * all arguments must stay open until the backward pass is over.
     *
     * @param arguments tensors in order; those named by {@link #list} form a list where the first of them stands
     */
    public NDList call(String function, boolean train, NDList arguments) {
        NDManager owner = arguments.head().getManager();
        try (NDArray selector = owner.zeros(new Shape(1))) {
            selector.setName("module_method:" + function);
            NDList all = new NDList(arguments.size() + 1);
            all.add(selector);
            all.addAll(arguments);
            JniUtils.setGraphExecutorOptimize(
                    false); // this thread's; compiling for each new shape costs more than it gains
            return IValueUtils.forward(block, all, train);
        }
    }

    /** What {@code calculation} gives with autograd off, as training modules must be called where nothing goes backward. */
    public static <R> R withoutGraph(Supplier<R> calculation) {
        boolean before = JniUtils.isGradMode(); // per thread, and on by default in a new one
        JniUtils.setGradMode(false);
        try {
            return calculation.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    @Override
    public void close() {
        block.close();
    }
}
