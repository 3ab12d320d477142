package dev.tandem.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values worked out by hand, invariants and finite differences. */
class LossesTest {
    private static final float OFF = -1e9f;

    private final NDManager manager = NDManager.newBaseManager();
    private final NDArray half_B = Gradients.meanOver(manager, 2);

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void crossEntropyOfTwoEqualScoresIsLogTwo() {
        NDArray scores_BL = manager.create(new float[] {3, 3, -1, -1}, new Shape(2, 2));

        assertEquals(Math.log(2), ListwiseCrossEntropy.loss(scores_BL, half_B).getFloat(), 1e-6);
    }

    @Test
    void crossEntropyLeavesOutAListOfWeightZero() {
        NDArray scores_BL = manager.create(new float[] {3, 3, -100, 100}, new Shape(2, 2));

        NDArray loss = ListwiseCrossEntropy.loss(scores_BL, manager.create(new float[] {1, 0}));

        assertEquals(Math.log(2), loss.getFloat(), 1e-6);
    }

    @Test
    void divergenceOfThreeQuartersFromOneHalf() {
        // P = (3/4, 1/4), Q = (1/2, 1/2): KL(P‖Q) = 3/4 log 3/2 + 1/4 log 1/2, KL(Q‖P) = 1/2 log 2/3 + 1/2 log 2
        NDArray quarters_BL = manager.create(new float[] {(float) Math.log(3), 0}, new Shape(1, 2));
        NDArray halves_BL = manager.create(new float[] {7, 7}, new Shape(1, 2));
        NDArray one_B = Gradients.meanOver(manager, 1);

        double teacherQuarters = 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5);
        double teacherHalves = 0.5 * Math.log(2.0 / 3) + 0.5 * Math.log(2);
        assertEquals(
                teacherQuarters,
                ListwiseDistillation.releasedCode(halves_BL, quarters_BL, one_B).getFloat(),
                1e-6);
        assertEquals(
                teacherHalves,
                ListwiseDistillation.paper(halves_BL, quarters_BL, one_B).getFloat(),
                1e-6);
    }

    @Test
    void distillationIsZeroWhenBothModelsAgreeUpToAConstant() {
        NDArray dual_BL = manager.create(new float[] {1, 2, 3, 0, 5, -1}, new Shape(2, 3));
        NDArray cross_BL = manager.create(new float[] {11, 12, 13, -4, 1, -5}, new Shape(2, 3));

        assertEquals(
                0, ListwiseDistillation.releasedCode(dual_BL, cross_BL, half_B).getFloat(), 1e-6);
        assertEquals(0, ListwiseDistillation.paper(dual_BL, cross_BL, half_B).getFloat(), 1e-6);
    }

    @Test
    void distillationDoesNotDependOnTheOrderOfPassages() {
        NDArray dual_BL = manager.create(new float[] {1, 2, 3}, new Shape(1, 3));
        NDArray cross_BL = manager.create(new float[] {0.5f, -2, 1}, new Shape(1, 3));
        NDArray dualTurned_BL = manager.create(new float[] {3, 1, 2}, new Shape(1, 3));
        NDArray crossTurned_BL = manager.create(new float[] {1, 0.5f, -2}, new Shape(1, 3));
        NDArray one_B = Gradients.meanOver(manager, 1);

        assertEquals(
                ListwiseDistillation.paper(dual_BL, cross_BL, one_B).getFloat(),
                ListwiseDistillation.paper(dualTurned_BL, crossTurned_BL, one_B).getFloat(),
                1e-6);
    }

    @Test
    void releasedCodeGivesTheReRankerNoGradientAndThePaperDoes() {
        NDArray dual_BL = manager.create(new float[] {1, 2, 3, 0, 5, -1}, new Shape(2, 3));
        NDArray cross_BL = manager.create(new float[] {2, 1, 0, -4, 1, 2}, new Shape(2, 3));

        Gradients released = Gradients.of(
                scores -> ListwiseDistillation.releasedCode(scores.get(0), scores.get(1), half_B), dual_BL, cross_BL);

        assertArrayEquals(new float[6], released.gradients().get(1));
        checkByDifferences(
                scores -> ListwiseDistillation.paper(scores.get(0), scores.get(1), half_B),
                copy(dual_BL),
                copy(cross_BL));
    }

    /** The teacher of (9/10, 1/10) and (1/2, 1/2) is their geometric mean, (3/4, 1/4). */
    @Test
    void bothModelsLearnFromTheGeometricMeanOfBoth() {
        NDArray dual_BL = manager.create(new float[] {(float) Math.log(9), 0}, new Shape(1, 2));
        NDArray cross_BL = manager.create(new float[] {7, 7}, new Shape(1, 2));
        NDArray one_B = Gradients.meanOver(manager, 1);
        double ofDual = 0.75 * Math.log(0.75 / 0.9) + 0.25 * Math.log(0.25 / 0.1);
        double ofCross = 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5);

        Gradients gradients = Gradients.of(
                scores -> ListwiseDistillation.ensemble(scores.get(0), scores.get(1), one_B), dual_BL, cross_BL);

        assertEquals(
                ofDual + ofCross,
                ListwiseDistillation.ensemble(dual_BL, cross_BL, one_B).getFloat(),
                1e-6);
        assertArrayEquals(new float[] {0.15f, -0.15f}, gradients.gradients().get(0), 1e-6f); // p − teacher
        assertArrayEquals(new float[] {-0.25f, 0.25f}, gradients.gradients().get(1), 1e-6f);
    }

    @Test
    void pointwiseTermsOfScoreZero() {
        NDArray zero_BL = manager.zeros(new Shape(2, 3));

        assertEquals(
                3 * Math.log(2), PointwiseLoss.crossEntropy(zero_BL, half_B).getFloat(), 1e-6);
        assertEquals(
                3 * Math.log(2),
                PointwiseLoss.distillation(zero_BL, zero_BL, half_B).getFloat(),
                1e-6);
    }

    @Test
    void inBatchSoftmaxOfEqualScoresIsTheLogOfTheNumberOfColumns() {
        NDArray queries_BD = manager.zeros(new Shape(2, 4));
        NDArray positives_BD = manager.ones(new Shape(2, 4));
        NDArray negatives_BHD = manager.ones(new Shape(2, 3, 4));

        assertEquals(Math.log(5), inBatch(queries_BD, positives_BD, negatives_BHD, new float[4]), 1e-6);
        assertEquals(Math.log(2), inBatch(queries_BD, positives_BD, null, new float[4]), 1e-6);
    }

    @Test
    void inBatchSoftmaxIgnoresAMaskedPositiveOfAnotherQuery() {
        NDArray queries_BD = manager.create(new float[] {1, 0, 0, 1}, new Shape(2, 2));
        NDArray positives_BD = manager.create(new float[] {1, 0, 9, 1}, new Shape(2, 2));

        double firstQueryMasked = inBatch(queries_BD, positives_BD, null, new float[] {0, OFF, 0, 0});

        assertEquals(0.5 * Math.log(1 + Math.exp(-1)), firstQueryMasked, 1e-6);
    }

    @Test
    void inBatchSoftmaxHasTheGradientsOfFiniteDifferences() {
        NDArray scale = manager.full(new Shape(), 2f, DataType.FLOAT32);
        NDArray mask_BB = manager.create(new float[] {0, OFF, 0, 0}, new Shape(2, 2));

        checkByDifferences(
                inputs -> InBatchSoftmax.loss(inputs.get(0), inputs.get(1), inputs.get(2), scale, mask_BB, half_B),
                manager.create(new float[] {0.3f, -0.2f, 0.5f, 0.1f}, new Shape(2, 2)),
                manager.create(new float[] {0.7f, 0.2f, -0.5f, 0.4f}, new Shape(2, 2)),
                manager.create(new float[] {0.1f, -0.6f, 0.2f, 0.9f}, new Shape(2, 1, 2)));
    }

    private double inBatch(NDArray queries_BD, NDArray positives_BD, NDArray negatives_BHD, float[] mask) {
        NDArray scale = manager.full(new Shape(), 1f, DataType.FLOAT32);
        NDArray mask_BB = manager.create(mask, new Shape(2, 2));
        return InBatchSoftmax.loss(queries_BD, positives_BD, negatives_BHD, scale, mask_BB, half_B)
                .getFloat();
    }

    private NDArray copy(NDArray array) {
        return manager.create(array.toFloatArray(), array.getShape());
    }

    private static void checkByDifferences(Function<List<NDArray>, NDArray> loss, NDArray... inputs) {
        Gradients analytic = Gradients.of(loss, inputs);
        for (int input = 0; input < inputs.length; input++) {
            for (int element = 0; element < inputs[input].size(); element++) {
                double numeric = Gradients.byDifference(loss, input, element, inputs);
                assertEquals(numeric, analytic.gradients().get(input)[element], 2e-4, input + "/" + element);
            }
        }
    }
}
