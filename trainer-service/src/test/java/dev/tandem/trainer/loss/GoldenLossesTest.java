package dev.tandem.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Values and gradients against an independent float64 implementation (src/test/resources/golden/joint/losses.json). */
class GoldenLossesTest {
    private static final double TOLERANCE = 2e-6;

    @TestFactory
    Stream<DynamicTest> equalTheReferenceOnGivenScores() throws IOException {
        JsonNode scores = golden().get("scores");
        return Stream.of("code", "paper", "static", "pointwise")
                .flatMap(variant -> Stream.of(names(scores))
                        .map(name -> DynamicTest.dynamicTest(
                                variant + ", " + name, () -> check(scores.get(name), variant))));
    }

    private static void check(JsonNode scores, String variant) {
        JsonNode expected = scores.get("float64").get(variant);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray dual_BL = Gradients.tensor(manager, scores.get("retriever"));
            NDArray cross_BL = Gradients.tensor(manager, scores.get("cross_encoder"));
            NDArray weight_B = Gradients.meanOver(manager, dual_BL.getShape().get(0));

            Gradients actual = Gradients.of(total(variant, weight_B), dual_BL, cross_BL);

            double total = expected.get("total").asDouble();
            assertEquals(total, actual.loss(), TOLERANCE * Math.max(1, Math.abs(total)));
            assertArrayEquals(
                    Gradients.values(expected.get("gradient_retriever")),
                    actual.gradients().get(0),
                    (float) TOLERANCE);
            assertArrayEquals(
                    Gradients.values(expected.get("gradient_cross_encoder")),
                    actual.gradients().get(1),
                    (float) TOLERANCE);
        }
    }

    private static Function<List<NDArray>, NDArray> total(String variant, NDArray weight_B) {
        return scores -> {
            NDArray dual_BL = scores.get(0);
            NDArray cross_BL = scores.get(1);
            return switch (variant) {
                case "code" ->
                    ListwiseDistillation.releasedCode(dual_BL, cross_BL, weight_B)
                            .add(ListwiseCrossEntropy.loss(cross_BL, weight_B));
                case "paper" ->
                    ListwiseDistillation.paper(dual_BL, cross_BL, weight_B)
                            .add(ListwiseCrossEntropy.loss(cross_BL, weight_B));
                case "static" -> ListwiseDistillation.releasedCode(dual_BL, cross_BL, weight_B);
                case "pointwise" ->
                    PointwiseLoss.distillation(dual_BL, cross_BL, weight_B)
                            .add(PointwiseLoss.crossEntropy(cross_BL, weight_B));
                default -> throw new IllegalArgumentException(variant);
            };
        };
    }

    @Test
    void inBatchSoftmaxEqualsTheReferenceOnGivenVectors() throws IOException {
        JsonNode given = golden().get("in-batch");
        JsonNode expected = given.get("float64");
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray queries_BD = Gradients.tensor(manager, given.get("queries"));
            NDArray passages_BLD = Gradients.tensor(manager, given.get("passages"));
            long lists = queries_BD.getShape().get(0);
            NDArray weight_B = Gradients.meanOver(manager, lists);
            NDArray scale = manager.full(new Shape(), 1f, DataType.FLOAT32);
            NDArray mask_BB = manager.zeros(new Shape(lists, lists));

            Gradients actual = Gradients.of(
                    inputs -> InBatchSoftmax.loss(
                            inputs.get(0),
                            inputs.get(1).get(":, 0"),
                            inputs.get(1).get(":, 1:"),
                            scale,
                            mask_BB,
                            weight_B),
                    queries_BD,
                    passages_BLD);

            assertEquals(expected.get("total").asDouble(), actual.loss(), 1e-5);
            assertArrayEquals(
                    Gradients.values(expected.get("gradient_queries")),
                    actual.gradients().get(0),
                    (float) TOLERANCE);
            assertArrayEquals(
                    Gradients.values(expected.get("gradient_passages")),
                    actual.gradients().get(1),
                    (float) TOLERANCE);
        }
    }

    private static JsonNode golden() throws IOException {
        try (InputStream in = GoldenLossesTest.class.getResourceAsStream("/golden/joint/losses.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static String[] names(JsonNode object) {
        List<String> names = new java.util.ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names.toArray(String[]::new);
    }
}
