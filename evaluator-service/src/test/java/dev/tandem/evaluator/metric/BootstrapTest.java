package dev.tandem.evaluator.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BootstrapTest {
    private final Bootstrap bootstrap = new Bootstrap(2_000, 0.95, 7);

    @Test
    void hasNoWidthWhenAllValuesAreEqual() {
        assertEquals(new Interval(0.25, 0.25), bootstrap.mean(new double[] {0.25, 0.25, 0.25, 0.25}));
    }

    @Test
    void isTheSameForTheSameSeed() {
        double[] values = {0, 0.5, 1, 0.25, 0.75};

        assertEquals(bootstrap.mean(values), bootstrap.mean(values));
    }

    @Test
    void refusesToSpeakOfNothing() {
        assertThrows(IllegalArgumentException.class, () -> bootstrap.mean(new double[0]));
    }
}
