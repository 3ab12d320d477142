package dev.tandem.evaluator.promotion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TestSequenceTest {
    @Test
    void spendsLessOnEachTest() {
        TestSequence third = TestSequence.START.tested(false).tested(false);

        assertEquals(0.05 / 2.285766, TestSequence.START.level(0.05), 1e-9);
        assertEquals(0.05 * Math.pow(3, -1.6) / 2.285766, third.level(0.05), 1e-9);
        assertEquals(3, third.sincePromotion());
    }

    @Test
    void earnsAnewByAPromotionAndKeepsWhatIsLeft() {
        TestSequence promoted = TestSequence.START.tested(false).tested(true);

        assertEquals(0.05 * (1 + Math.pow(3, -1.6)) / 2.285766, promoted.level(0.05), 1e-9);
        assertEquals(1, promoted.sincePromotion());
    }

    @Test
    void neverSpendsMoreThanAlphaForEachPromotion() {
        TestSequence tests = TestSequence.START;
        double spent = 0;
        for (int test = 1; test <= 3_000; test++) {
            spent += tests.level(0.05);
            tests = tests.tested(test == 100 || test == 101);
        }

        assertTrue(spent <= 3 * 0.05 && spent > 2.9 * 0.05, "spent " + spent);
    }

    @Test
    void refusesAPromotionThatLiesAhead() {
        assertThrows(IllegalArgumentException.class, () -> new TestSequence(1, List.of(2)));
    }
}
