package dev.tandem.evaluator.promotion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomizationTestTest {
    private final RandomizationTest randomization = new RandomizationTest(1_000, 1);

    @Test
    void drawsEnoughForTheLevelWhereItMatters() {
        double[] allBetter = new double[100];
        Arrays.fill(allBetter, 0.1);

        assertEquals(1.0 / 1_001, randomization.pValue(allBetter));
        assertEquals(1.0 / 200_001, randomization.pValue(allBetter, 0.0001));
    }

    @Test
    void drawsNoMoreWherePIsFarFromTheLevel() {
        double[] even = new double[100];
        Arrays.setAll(even, i -> i % 2 == 0 ? 0.1 : -0.1);

        assertEquals(randomization.pValue(even), randomization.pValue(even, 0.0001));
    }
}
