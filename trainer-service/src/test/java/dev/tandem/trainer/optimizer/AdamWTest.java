package dev.tandem.trainer.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.trainer.recipe.Optimizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class AdamWTest {
    private static final double NO_CLIPPING = 1e30;

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @TestFactory
    Stream<DynamicTest> equalsTheReferenceStepByStep() throws IOException {
        JsonNode golden;
        try (InputStream in = AdamWTest.class.getResourceAsStream("/golden/adamw/adamw.json")) {
            golden = new ObjectMapper().readTree(in);
        }
        List<String> cases = new ArrayList<>();
        golden.get("cases").fieldNames().forEachRemaining(cases::add);
        return cases.stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    double most = name.startsWith("no clipping")
                            ? NO_CLIPPING
                            : golden.get("clip_norm").asDouble();
                    check(golden, golden.get("cases").get(name).get("float64"), most);
                }));
    }

    private void check(JsonNode golden, JsonNode steps, double most) {
        Map<String, NDArray> parameters = tensors(golden.get("start"));
        Optimizer hyper = new Optimizer(
                golden.get("betas").get(0).asDouble(),
                golden.get("betas").get(1).asDouble(),
                golden.get("eps").asDouble(),
                golden.get("weight_decay").asDouble(),
                1);
        try (AdamW optimizer = new AdamW(manager, parameters, hyper);
                GlobalNorm norm = new GlobalNorm(manager)) {
            for (int i = 0; i < steps.size(); i++) {
                JsonNode expected = steps.get(i);
                NDList gradients = new NDList(tensors(golden.get("gradients").get(i)).values().stream()
                        .toList());
                try (NDManager step = manager.newSubManager()) {
                    float before = norm.clip(step, gradients, most);
                    optimizer.update(step, gradients, expected.get("lr").asDouble());

                    double gradientNorm = expected.get("gradient_norm").asDouble();
                    assertEquals(gradientNorm, before, 1e-6 * gradientNorm);
                }
                parameters.forEach((name, parameter) ->
                        assertClose(expected.get("parameters").get(name), parameter));
                optimizer.moments().forEach((name, moment) -> {
                    JsonNode reference = expected.get(name.substring(0, 1)).get(name.substring(2));
                    assertClose(reference, moment);
                });
                gradients.forEach(
                        gradient -> assertEquals(0, gradient.abs().sum().getFloat()));
            }
        }
    }

    @Test
    void continuesBitByBitFromItsMoments() {
        Map<String, NDArray> parameters = Map.of("dense.weight", manager.ones(new Shape(3)));
        Map<String, NDArray> copies = Map.of("dense.weight", manager.ones(new Shape(3)));
        Optimizer hyper = new Optimizer(0.9, 0.98, 1e-8, 0.01, 1);
        try (AdamW unbroken = new AdamW(manager, parameters, hyper);
                AdamW resumed = new AdamW(manager, copies, hyper)) {
            unbroken.update(manager, gradients(0.3f), 0.01);
            parameters.get("dense.weight").copyTo(copies.get("dense.weight"));
            resumed.restore(unbroken.moments(), unbroken.updates());

            unbroken.update(manager, gradients(-0.7f), 0.01);
            resumed.update(manager, gradients(-0.7f), 0.01);

            assertArrayEquals(
                    parameters.get("dense.weight").toFloatArray(),
                    copies.get("dense.weight").toFloatArray());
            assertEquals(2, resumed.updates());
        }
    }

    @Test
    void changesParametersThatTakeGradients() {
        NDArray parameter = manager.ones(new Shape(3));
        parameter.setRequiresGradient(true);
        try (AdamW optimizer =
                new AdamW(manager, Map.of("dense.bias", parameter), new Optimizer(0.9, 0.98, 1e-8, 0.01, 1))) {
            optimizer.update(manager, gradients(1), 0.5);
        }

        assertArrayEquals(new float[] {0.5f, 0.5f, 1.5f}, parameter.toFloatArray(), 1e-6f);
    }

    @Test
    void refusesTheMomentsOfAnotherModel() {
        Optimizer hyper = new Optimizer(0.9, 0.98, 1e-8, 0.01, 1);
        try (AdamW optimizer = new AdamW(manager, Map.of("dense.weight", manager.ones(new Shape(3))), hyper);
                AdamW other = new AdamW(manager, Map.of("dense.weight", manager.ones(new Shape(4))), hyper)) {
            assertThrows(IllegalArgumentException.class, () -> optimizer.restore(other.moments(), 1));
        }
    }

    @Test
    void anInfiniteGradientShowsInTheNorm() {
        try (GlobalNorm norm = new GlobalNorm(manager)) {
            NDList gradients = new NDList(manager.create(new float[] {1, Float.POSITIVE_INFINITY}));

            assertEquals(Float.POSITIVE_INFINITY, norm.clip(manager, gradients, 1));
        }
    }

    @Test
    void decaysNoBiasAndNoLayerNormUnderAnyOfItsNames() {
        assertTrue(AdamW.isDecayed("retriever.encoder.layer.0.attention.self.query.weight"));
        assertFalse(AdamW.isDecayed("retriever.encoder.layer.0.attention.self.query.bias"));
        assertFalse(AdamW.isDecayed("retriever.embeddings.LayerNorm.weight"));
        assertFalse(AdamW.isDecayed("retriever.transformer.layer.0.sa_layer_norm.weight"));
    }

    private NDList gradients(float value) {
        return new NDList(manager.create(new float[] {value, 2 * value, -value}));
    }

    private Map<String, NDArray> tensors(JsonNode json) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        for (String name : List.of("dense.weight", "dense.bias", "LayerNorm.weight")) {
            tensors.put(name, manager.create(values(json.get(name))));
        }
        return tensors;
    }

    private static void assertClose(JsonNode expected, NDArray actual) {
        float[] values = values(expected);
        for (int i = 0; i < values.length; i++) {
            double tolerance = 1e-6 * Math.max(1, Math.abs(values[i])); // second moments reach 10
            assertEquals(values[i], actual.toFloatArray()[i], tolerance);
        }
    }

    private static float[] values(JsonNode json) {
        List<JsonNode> leaves = new ArrayList<>();
        collect(json, leaves);
        float[] values = new float[leaves.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) leaves.get(i).asDouble();
        }
        return values;
    }

    private static void collect(JsonNode json, List<JsonNode> leaves) {
        if (json.isArray()) {
            json.forEach(child -> collect(child, leaves));
        } else {
            leaves.add(json);
        }
    }
}
