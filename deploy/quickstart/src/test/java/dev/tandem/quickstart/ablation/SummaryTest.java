package dev.tandem.quickstart.ablation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void takesTheMeanOverSeedsQueryByQuery() {
        Summary summary = Summary.of(List.of(new double[] {1, 0, 0.5}, new double[] {0, 0, 1}));

        assertArrayEquals(new double[] {0.5, 0, 0.75}, summary.perQuery());
        assertEquals(1.25 / 3, summary.mean(), 1e-12);
        assertArrayEquals(new double[] {0.5, 1 / 3.0}, summary.perSeed(), 1e-12);
        assertEquals(Math.sqrt(2) / 12, summary.deviation(), 1e-12); // of 1/2 and 1/3
        assertTrue(summary.interval().low() <= summary.mean());
        assertTrue(summary.interval().high() >= summary.mean());
    }

    @Test
    void oneSeedDoesNotDeviate() {
        assertEquals(0, Summary.of(List.of(new double[] {1, 0})).deviation());
    }
}
