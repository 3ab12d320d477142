package dev.tandem.retrieval.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.retrieval.token.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Outputs and gradient norms against transformers' BertModel and BertForSequenceClassification; see golden/README.md. */
class GoldenForwardTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/init");
    private static final Map<String, String> FUNCTION = Map.of("cls", "cls", "mean", "mean", "logit", "score");

    @TestFactory
    Stream<DynamicTest> equalsTransformers() throws IOException {
        JsonNode models = new ObjectMapper()
                .readTree(GOLDEN.resolve("forward.json").toFile())
                .path("models");
        List<DynamicTest> tests = new ArrayList<>();
        models.properties()
                .forEach(model -> model.getValue().path("float32").properties().forEach(output -> {
                    JsonNode expected = model.getValue();
                    String name = model.getKey() + " " + output.getKey();
                    tests.add(DynamicTest.dynamicTest(
                            name, () -> assertEqual(model.getKey(), output.getKey(), expected)));
                }));
        return tests.stream();
    }

    private static void assertEqual(String model, String output, JsonNode golden) {
        boolean scoring = output.equals("logit");
        List<TokenIds> sequences = sequences(golden);
        JsonNode expected = golden.path("float32").path(output);
        try (Bert bert = Bert.open(GOLDEN.resolve(model), scoring, 128)) {
            assertOutputs(expected.path("output"), bert.infer(FUNCTION.get(output), sequences));
            try (NDManager step = NDManager.newBaseManager()) {
                float loss = backward(bert, FUNCTION.get(output), step, sequences);

                assertEquals(expected.path("loss").asDouble(), loss, 1e-5 * loss);
                assertGradients(golden.path("float64").path(output).path("gradient_l2"), bert.parameters());
            }
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
                double golden = expected.path(name).asDouble();
                double tolerance = name.endsWith("key.bias") ? 1e-5 : 5e-5 * golden; // key.bias is 0 on paper
                assertEquals(golden, norm, tolerance, name);
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

    private static List<TokenIds> sequences(JsonNode golden) {
        List<TokenIds> sequences = new ArrayList<>();
        for (int i = 0; i < golden.path("input_ids").size(); i++) {
            int length = 0;
            for (JsonNode mask : golden.path("attention_mask").get(i)) {
                length += mask.asInt();
            }
            int[] ids = new int[length];
            int[] types = new int[length];
            for (int t = 0; t < length; t++) {
                ids[t] = golden.path("input_ids").get(i).get(t).asInt();
                types[t] = golden.path("token_type_ids").get(i).get(t).asInt();
            }
            sequences.add(new TokenIds(ids, types));
        }
        return sequences;
    }
}
