package dev.tandem.retrieval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An encoder's trainable arrays with their names, always in the same order.
 *
 * <p>The arrays belong to the encoder. Names carry the encoder's directory, as in
 * {@code retriever.embeddings.word_embeddings.weight}; what follows is Hugging Face's name.
 */
public final class Parameters {
    private final Map<String, NDArray> arrayByName;

    Parameters(Map<String, NDArray> arrayByName) {
        this.arrayByName = new LinkedHashMap<>(arrayByName);
    }

    public List<String> names() {
        return List.copyOf(arrayByName.keySet());
    }

    /** In the order of {@link #names()}. */
    public List<NDArray> arrays() {
        return List.copyOf(arrayByName.values());
    }

    public NDArray array(String name) {
        NDArray array = arrayByName.get(name);
        if (array == null) {
            throw new IllegalArgumentException("No parameter is named %s".formatted(name));
        }
        return array;
    }

    public int size() {
        return arrayByName.size();
    }

    /** The gradients in the same order, owned by {@code step}; they share memory with what backward accumulates into. */
    public NDList gradients(NDManager step) {
        NDList gradients = new NDList(arrayByName.size());
        for (NDArray array : arrayByName.values()) {
            NDArray gradient = array.getGradient();
            gradient.attach(step);
            gradients.add(gradient);
        }
        return gradients;
    }

    /** Whether backward passes reach these arrays; true for a freshly opened encoder. */
    public void setTrainable(boolean trainable) {
        arrayByName.values().forEach(array -> array.setRequiresGradient(trainable));
    }

    /** These parameters followed by others. */
    public Parameters and(Parameters others) {
        Map<String, NDArray> all = new LinkedHashMap<>(arrayByName);
        others.arrayByName.forEach((name, array) -> {
            if (all.put(name, array) != null) {
                throw new IllegalArgumentException("Two parameters are named %s".formatted(name));
            }
        });
        return new Parameters(all);
    }

    Parameters withPrefix(String prefix) {
        Map<String, NDArray> prefixed = new LinkedHashMap<>();
        arrayByName.forEach((name, array) -> prefixed.put(prefix + name, array));
        return new Parameters(prefixed);
    }

    Map<String, NDArray> byName() {
        return new LinkedHashMap<>(arrayByName);
    }

    /** Overwrites one array in place. */
    void assign(String name, float[] values) {
        NDArray array = array(name);
        boolean trainable = array.hasGradient();
        array.setRequiresGradient(false);
        try (NDArray source = array.getManager().create(values, array.getShape())) {
            source.copyTo(array);
        }
        array.setRequiresGradient(trainable);
    }
}
