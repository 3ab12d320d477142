package dev.tandem.trainer.loss;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The value of a loss and its gradients with respect to given inputs. */
record Gradients(double loss, List<float[]> gradients) {

    /** Evaluates a loss with gradients flowing to every input. */
    static Gradients of(Function<List<NDArray>, NDArray> loss, NDArray... inputs) {
        Arrays.stream(inputs).forEach(input -> input.setRequiresGradient(true));
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray value = loss.apply(List.of(inputs));
            collector.backward(value);
            return new Gradients(
                    value.getFloat(),
                    Arrays.stream(inputs)
                            .map(input -> input.getGradient().toFloatArray())
                            .toList());
        }
    }

    /** The gradient of one element by central differences. */
    static double byDifference(Function<List<NDArray>, NDArray> loss, int input, int element, NDArray... inputs) {
        double step = 1e-2;
        return (moved(loss, input, element, step, inputs) - moved(loss, input, element, -step, inputs)) / (2 * step);
    }

    private static double moved(
            Function<List<NDArray>, NDArray> loss, int input, int element, double by, NDArray... inputs) {
        NDArray[] copies = inputs.clone();
        float[] values = inputs[input].toFloatArray();
        values[element] += (float) by;
        copies[input] = inputs[input].getManager().create(values, inputs[input].getShape());
        return loss.apply(List.of(copies)).getFloat();
    }

    /** A tensor from nested JSON arrays. */
    static NDArray tensor(NDManager manager, JsonNode json) {
        long[] shape = new long[depth(json)];
        JsonNode level = json;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = level.size();
            level = level.get(0);
        }
        return manager.create(values(json), new Shape(shape));
    }

    /** The numbers of nested JSON arrays in order. */
    static float[] values(JsonNode json) {
        List<JsonNode> leaves = new java.util.ArrayList<>();
        collect(json, leaves);
        float[] values = new float[leaves.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) leaves.get(i).asDouble();
        }
        return values;
    }

    /** Equal weights that make a mean of a sum. */
    static NDArray meanOver(NDManager manager, long lists) {
        return manager.full(new Shape(lists), 1f / lists, DataType.FLOAT32);
    }

    private static int depth(JsonNode json) {
        return json.isArray() ? 1 + depth(json.get(0)) : 0;
    }

    private static void collect(JsonNode json, List<JsonNode> leaves) {
        if (json.isArray()) {
            json.forEach(child -> collect(child, leaves));
        } else {
            leaves.add(json);
        }
    }
}
