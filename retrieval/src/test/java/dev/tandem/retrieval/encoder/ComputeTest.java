package dev.tandem.retrieval.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.tandem.retrieval.token.TokenIds;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/init");

    @Test
    void autoIsTheCpuInFloat32WhereThereIsNoGpu() {
        Device expected = Engine.getInstance().getGpuCount() > 0 ? Device.gpu(0) : Device.cpu();
        try (NDManager manager = Compute.of("auto", Precision.AUTO).newManager()) {
            assertEquals(expected, manager.getDevice());
        }
        assertEquals(6, Compute.of("cpu", Precision.AUTO).torchType());
    }

    @Test
    void saysWhichDevicesThereAre() {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Compute.of("cuda:99", Precision.AUTO));

        assertTrue(refusal.getMessage()
                .startsWith("Expected a device that PyTorch sees, found cuda:99. Choose one of: auto, cpu"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "cuda", "cuda:-1", "CPU", "cuda:0;"})
    void refusesWhatIsNoDevice(String device) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Compute.of(device, Precision.AUTO));

        assertTrue(refusal.getMessage().contains("cpu or cuda:N"));
    }

    @ParameterizedTest
    @CsvSource({"query-encoder, false, cls", "passage-encoder, false, mean", "cross-encoder, true, score"})
    void bfloat16GivesNearlyTheSameOutputsAndGradients(String model, boolean scoring, String function) {
        List<TokenIds> sequences = List.of(sequence(30), sequence(7), sequence(18));
        try (Bert exact = Bert.open(GOLDEN.resolve(model), scoring, 64, new Compute("cpu", Precision.FP32));
                Bert rounded = Bert.open(GOLDEN.resolve(model), scoring, 64, new Compute("cpu", Precision.BF16));
                NDManager step = NDManager.newBaseManager(Device.cpu())) {
            assertNear(exact.infer(function, sequences), rounded.infer(function, sequences), 0.02);
            assertNear(
                    gradients(exact, function, step, sequences), gradients(rounded, function, step, sequences), 0.03);
        }
    }

    /** Of the sum of squares, in float32. */
    private static float[][] gradients(Bert bert, String function, NDManager step, List<TokenIds> sequences) {
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray outputs = bert.train(function, step, sequences);
            collector.backward(outputs.mul(outputs).sum());
        }
        return bert.parameters().gradients(step).stream()
                .map(NDArray::toFloatArray)
                .toArray(float[][]::new);
    }

    /** Length of the difference, relative to the length of what is expected, over all arrays together. */
    private static void assertNear(float[][] expected, float[][] found, double tolerance) {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            for (int j = 0; j < expected[i].length; j++) {
                difference += Math.pow(expected[i][j] - found[i][j], 2);
                length += Math.pow(expected[i][j], 2);
            }
        }
        double relative = Math.sqrt(difference / length);
        assertTrue(relative > 0 && relative < tolerance, "relative difference " + relative);
    }

    private static TokenIds sequence(int length) {
        int[] ids = new int[length];
        for (int i = 0; i < length; i++) {
            ids[i] = 5 + 7 * i % 90;
        }
        return new TokenIds(ids, new int[length]);
    }
}
