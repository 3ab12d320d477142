package dev.tandem.evaluator.promotion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.evaluator.metric.Bootstrap;
import dev.tandem.evaluator.metric.GoldenTrec;
import dev.tandem.evaluator.metric.Interval;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Values of paired tests, intervals and Holm's correction, computed independently with NumPy and SciPy. */
class GoldenSignificanceTest {
    private static final int SAMPLES = 100_000;
    /** The limits are written down with eight digits. */
    private static final double PRINTED = 1e-8;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FILE = Path.of("src/test/resources/golden/significance/significance.json");

    private final RandomizationTest randomization = new RandomizationTest(SAMPLES, 20_260_101);
    private final Bootstrap bootstrap = new Bootstrap(10_000, 0.95, 20_260_101);

    @TestFactory
    List<DynamicTest> reproduces() throws IOException {
        return JSON.readTree(FILE.toFile()).get("cases").properties().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> check(entry.getValue())))
                .toList();
    }

    @TestFactory
    List<DynamicTest> adjustsAsHolm() throws IOException {
        return StreamSupport.stream(JSON.readTree(FILE.toFile()).get("holm").spliterator(), false)
                .map(each -> DynamicTest.dynamicTest(
                        each.get("p").toString(),
                        () -> assertArrayEquals(
                                doubles(each.get("adjusted")), Holm.adjust(doubles(each.get("p"))), 1e-12)))
                .toList();
    }

    private void check(JsonNode testCase) throws IOException {
        double[] a = values(testCase.get("values"), "a");
        double[] b = values(testCase.get("values"), "b");
        double[] differences = new double[a.length];
        Arrays.setAll(differences, i -> a[i] - b[i]);
        JsonNode expected = testCase.get("expect");

        double mean = Arrays.stream(differences).average().orElseThrow();
        double p = randomization.pValue(differences);
        Interval interval = bootstrap.mean(differences);

        assertEquals(expected.get("mean_difference").asDouble(), mean, 1e-9);
        assertPValue(expected, p);
        assertInterval(expected.get("bootstrap_95"), interval);
    }

    private static void assertPValue(JsonNode expected, double p) {
        if (expected.has("randomisation_exact")) {
            assertEquals(expected.get("randomisation_exact").get("p").asDouble(), p, 1e-9);
        } else {
            JsonNode reference = expected.get("randomisation_more");
            double ours = Math.sqrt(p * (1 - p) / SAMPLES);
            double theirs = reference.get("standard_error").asDouble();
            double tolerance = 4 * Math.hypot(ours, theirs) + 1.0 / SAMPLES;
            assertEquals(reference.get("p").asDouble(), p, tolerance);
        }
    }

    private static void assertInterval(JsonNode expected, Interval interval) {
        double[] ends = doubles(expected.get("mean_of_20_repeats"));
        double[] deviations = doubles(expected.get("sd_of_20_repeats"));
        assertEquals(ends[0], interval.low(), 5 * deviations[0] + PRINTED, "lower end");
        assertEquals(ends[1], interval.high(), 5 * deviations[1] + PRINTED, "upper end");
    }

    private static double[] values(JsonNode values, String side) throws IOException {
        if (values.get(side).isArray()) {
            return doubles(values.get(side));
        }
        var root = GoldenTrec.realCollections();
        assumeTrue(root.isPresent(), "no real collections here; give their folder with -Dtandem.golden=DIR");
        JsonNode perQuery = JSON.readTree(root.get()
                        .getParent()
                        .resolve(values.get(side).asText())
                        .toFile())
                .get("per_query");
        Map<String, Double> byQuery = new TreeMap<>();
        perQuery.properties()
                .forEach(query -> byQuery.put(
                        query.getKey(),
                        query.getValue().get(values.get("measure").asText()).asDouble()));
        return byQuery.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        Arrays.setAll(values, i -> array.get(i).asDouble());
        return values;
    }
}
