package dev.tandem.retrieval.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.retrieval.token.TokenIds;
import java.util.List;
import java.util.Map;

/** Compares a model's outputs and gradients with transformers', within the tolerances of golden/README.md. */
final class GoldenOutputs {
    private static final Map<String, String> FUNCTION = Map.of("cls", "cls", "mean", "mean", "logit", "score");

    private GoldenOutputs() {}

    /**
     * @param output cls, mean or logit
     * @param expected output and loss
     * @param gradientNorms the gradients' L2 norms by parameter
     */
    static void assertEqual(
            Bert bert, String output, List<TokenIds> sequences, JsonNode expected, JsonNode gradientNorms) {
        assertOutputs(expected.path("output"), bert.infer(FUNCTION.get(output), sequences));
        try (NDManager step = NDManager.newBaseManager()) {
            float loss = backward(bert, FUNCTION.get(output), step, sequences);

            assertEquals(expected.path("loss").asDouble(), loss, 1e-5 * loss);
            assertGradients(gradientNorms, bert.parameters());
        }
    }

    /** loss = (1/B) sum of (c_j out_bj)², c_j = (j+1)/D. */
    private static float backward(Bert bert, String function, NDManager step, List<TokenIds> sequences) {
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray output = bert.train(function, step, sequences);
            if (output.getShape().dimension() == 1) {
                output = output.expandDims(1);
            }
            int width = (int) output.getShape().get(1);
            float[] columns = new float[width];
            for (int j = 0; j < width; j++) {
                columns[j] = (j + 1f) / width;
            }
            NDArray weighted = output.mul(step.create(columns));
            NDArray loss = weighted.mul(weighted).sum().div(step.create((float) sequences.size()));
            collector.backward(loss);
            return loss.getFloat();
        }
    }

    private static void assertOutputs(JsonNode expected, float[][] found) {
        assertEquals(expected.size(), found.length);
        for (int i = 0; i < found.length; i++) {
            float[] row = new float[found[i].length];
            for (int j = 0; j < row.length; j++) {
                JsonNode value = expected.get(i);
                row[j] = (float) (value.isArray() ? value.get(j) : value).asDouble();
            }
            assertArrayEquals(row, found[i], 1e-5f);
        }
    }

    private static void assertGradients(JsonNode expected, Parameters parameters) {
        assertEquals(expected.size(), parameters.size());
        for (String name : parameters.names()) {
            try (NDArray gradient = parameters.array(name).getGradient()) {
                double norm = norm(gradient.toFloatArray());
                double golden = expected.path(name).asDouble(-1);
                boolean zeroOnPaper = name.endsWith("key.bias") || name.endsWith("k_lin.bias");
                assertEquals(golden, norm, zeroOnPaper ? 1e-5 : 5e-5 * golden, name);
            }
        }
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}
