package dev.tandem.evaluator.promotion;

import static dev.tandem.evaluator.promotion.PromotionSimulation.FAR;
import static dev.tandem.evaluator.promotion.PromotionSimulation.NEAR;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.evaluator.promotion.PromotionSimulation.Result;
import org.junit.jupiter.api.Test;

/** A part of {@link PromotionSimulation}: how often the rule promotes what is not better, and what is. */
class PromotionSimulationTest {
    private static final int ROUNDS = 150;

    @Test
    void promotesNoiseAtMostAsOftenAsItSaysHoweverManyAreTested() {
        Result near = PromotionSimulation.trainings(ROUNDS, NEAR, (checkpoint, random) -> 0, true);
        Result far = PromotionSimulation.trainings(ROUNDS, FAR, (checkpoint, random) -> 0, true);

        System.out.printf("Without any gain: %s%n                  %s%n", near, far);
        assertTrue(near.falseShare() <= 0.05, near.toString());
        assertTrue(far.falseShare() <= 0.05, far.toString());
    }

    @Test
    void promotesWhatGetsBetterAgainAndAgain() {
        Result learning = PromotionSimulation.trainings(ROUNDS / 3, NEAR, (checkpoint, random) -> 0.01, true);

        System.out.printf("Gaining .01 each time: %s%n", learning);
        assertTrue(learning.promotions() >= 3, learning.toString());
    }

    @Test
    void promotesTrueGainsTheSurerTheLargerTheyAre() {
        double small = PromotionSimulation.power(2 * ROUNDS, FAR, 0.01, 1);
        double middle = PromotionSimulation.power(2 * ROUNDS, FAR, 0.02, 1);
        double large = PromotionSimulation.power(2 * ROUNDS, FAR, 0.05, 1);

        System.out.printf("Promoted with a gain of .01, .02, .05: %.3f, %.3f, %.3f%n", small, middle, large);
        assertTrue(small < middle && middle < large, "%.3f, %.3f, %.3f".formatted(small, middle, large));
        assertTrue(large >= 0.65, "a gain of .05 was promoted in %.3f of the rounds only".formatted(large));
    }
}
