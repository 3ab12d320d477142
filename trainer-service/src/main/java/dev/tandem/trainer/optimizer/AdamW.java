package dev.tandem.trainer.optimizer;

import static java.util.Objects.requireNonNull;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.tandem.trainer.recipe.Optimizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * AdamW over the parameters of one model (Loshchilov and Hutter, 2019), with its moments in the open.
 *
 * <pre>
 * x ← x (1 − rate · decay)                 not for biases and LayerNorm
 * m ← β1 m + (1 − β1) g
 * v ← β2 v + (1 − β2) g²
 * x ← x − rate · m / (1 − β1ᵗ) / (√(v / (1 − β2ᵗ)) + ε)
 * </pre>
 */
public final class AdamW implements AutoCloseable {
    private static final String FIRST = "m.";
    private static final String SECOND = "v.";

    private final NDManager manager;
    private final TensorOperations operations;
    private final Map<String, NDArray> parameters;
    private final Optimizer hyper;
    private final Map<String, NDArray> first = new LinkedHashMap<>();
    private final Map<String, NDArray> second = new LinkedHashMap<>();
    private long updates;

    /**
     * Begins with moments of zero.
     *
     * @param parameters by name, in the order in which gradients will come
     */
    public AdamW(NDManager parent, Map<String, NDArray> parameters, Optimizer hyper) {
        this.manager = parent.newSubManager();
        this.operations = new TensorOperations(manager);
        this.parameters = new LinkedHashMap<>(parameters);
        this.hyper = requireNonNull(hyper, "hyper is null");
        parameters.forEach((name, parameter) -> {
            first.put(name, manager.zeros(parameter.getShape()));
            second.put(name, manager.zeros(parameter.getShape()));
        });
    }

    /**
     * Updates the parameters by their gradients and sets the gradients to zero.
     *
     * @param gradients in the parameters' order
     * @param rate learning rate of this update
     */
    public void update(NDManager step, NDList gradients, double rate) {
        updates++;
        update(step, gradients, rate, true);
        update(step, gradients, rate, false);
    }

    private void update(NDManager step, NDList gradients, double rate, boolean decayed) {
        NDList[] tensors = {new NDList(), new NDList(), new NDList(), new NDList()};
        int i = 0;
        for (Map.Entry<String, NDArray> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            NDArray gradient = gradients.get(i++);
            if (isDecayed(name) == decayed) {
                tensors[0].add(parameter.getValue());
                tensors[1].add(gradient);
                tensors[2].add(first.get(name));
                tensors[3].add(second.get(name));
            }
        }
        if (!tensors[0].isEmpty()) {
            double decay = decayed ? hyper.decay() : 0;
            try (NDManager host =
                    step.newSubManager(Device.cpu())) { // read as numbers there, without waiting for a GPU
                NDArray hyper_6 =
                        host.create(new double[] {rate, hyper.beta1(), hyper.beta2(), hyper.epsilon(), decay, updates});
                operations.call("update", hyper_6, tensors);
            }
        }
    }

    /** Whether weight decay applies: to all but biases and LayerNorm. */
    static boolean isDecayed(String name) {
        return !name.endsWith(".bias") && !name.contains("LayerNorm") && !name.contains("layer_norm");
    }

    /** Number of updates made since the moments were zero. */
    public long updates() {
        return updates;
    }

    /** The moments by name, to be written; they belong to this optimizer. */
    public Map<String, NDArray> moments() {
        Map<String, NDArray> moments = new LinkedHashMap<>();
        first.forEach((name, moment) -> moments.put(FIRST + name, moment));
        second.forEach((name, moment) -> moments.put(SECOND + name, moment));
        return moments;
    }

    /**
     * Continues where another optimizer of the same parameters stopped.
     *
     * @param moments as {@link #moments} gave them; more of other parameters may be among them. They are copied
     */
    public void restore(Map<String, NDArray> moments, long updates) {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, NDArray> own : moments().entrySet()) {
            NDArray saved = moments.get(own.getKey());
            if (saved == null || !saved.getShape().equals(own.getValue().getShape())) {
                missing.add(own.getKey());
            } else {
                saved.copyTo(own.getValue());
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "The checkpoint has no moments of the right shape for %d parameters, the first is %s. It was written for another model."
                            .formatted(missing.size(), missing.get(0)));
        }
        this.updates = updates;
    }

    @Override
    public void close() {
        operations.close();
        manager.close();
    }
}
