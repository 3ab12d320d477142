package dev.tandem.miner.label;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClickPolicyTest {
    private final ClickPolicy policy = new ClickPolicy(3, Duration.ofSeconds(30), 5, new ClickCurve(0.3, 1), 1, 0.95);

    @Test
    void needsAsManySatisfiedUsersAsItSays() {
        assertEquals(LabelDecision.WEAK, policy.decide(new ClickEvidence(100, 2, List.of(2))));
        assertEquals(LabelDecision.POSITIVE, policy.decide(new ClickEvidence(3, 3, List.of(3))));
    }

    @Test
    void sumsExpectedClicksPerImpression() {
        // 10 impressions at each of three ranks: expected 10 · .3 · (1 + 1/2 + 1/3) = 5.5; Wilson bound of 12/30: .2671
        ClickEvidence evidence = new ClickEvidence(12, 12, List.of(10, 10, 10));

        assertEquals(0.2671 * 30 / 5.5, policy.coecAtLeast(evidence), 1e-3);
    }

    @Test
    void asksForMoreClicksAtTheTopThanFarBelow() {
        ClickEvidence atTop = new ClickEvidence(20, 20, List.of(50));
        ClickEvidence atFour = new ClickEvidence(20, 20, List.of(0, 0, 0, 50));

        assertEquals(LabelDecision.WEAK, policy.decide(atTop)); // 40 % where 30 % are expected: may be chance
        assertEquals(LabelDecision.POSITIVE, policy.decide(atFour));
    }

    @Test
    void isSurerOfTheSameRateTheMoreOftenItWasShown() {
        double few = policy.coecAtLeast(new ClickEvidence(4, 4, List.of(10)));
        double many = policy.coecAtLeast(new ClickEvidence(400, 400, List.of(1000)));

        assertTrue(few < 1 && many > 1 && many < 4.0 / 3, few + " " + many);
    }

    @Test
    void neverGainsFromAnotherImpressionWithoutAClick() {
        ClickEvidence evidence = new ClickEvidence(5, 5, List.of(6, 3));
        for (int rank = 1; rank <= 20; rank++) {
            assertTrue(policy.coecAtLeast(evidence.plusShown(1, 1)) < policy.coecAtLeast(evidence));
            evidence = evidence.plusShown(1, 1);
        }
    }

    @Test
    void countsClicksWithoutAKnownImpressionAsShownAtTheTop() {
        assertEquals(
                policy.coecAtLeast(new ClickEvidence(3, 3, List.of(3))),
                policy.coecAtLeast(new ClickEvidence(3, 3, List.of())),
                1e-12);
    }

    @Test
    void doesWithoutExpectedClicksWhereNoneAreAskedFor() {
        ClickPolicy counting = new ClickPolicy(3, Duration.ofSeconds(30), 5, new ClickCurve(0.3, 1), 0, 0.95);

        assertEquals(LabelDecision.POSITIVE, counting.decide(new ClickEvidence(3, 3, List.of(100_000))));
    }

    @Test
    void countsAnUnknownDwellAsSatisfied() {
        assertTrue(policy.isSatisfied(null));
        assertTrue(policy.isSatisfied(30_000L));
        assertFalse(policy.isSatisfied(29_999L));
    }

    @Test
    void takesWhoClicksEverythingForAMachine() {
        assertFalse(policy.isMachine(5));
        assertTrue(policy.isMachine(6));
    }

    @Test
    void knowsTheQuantilesOfTheNormalDistribution() {
        assertEquals(0, WilsonBound.quantile(0.5), 5e-4);
        assertEquals(1.6449, WilsonBound.quantile(0.95), 5e-4);
        assertEquals(2.3263, WilsonBound.quantile(0.99), 5e-4);
    }

    @Test
    void boundsAShareAsPublished() {
        // Newcombe (1998), Table I, 81 of 263: the 95 % score interval begins at .2553
        assertEquals(0.2553, WilsonBound.lower(81, 263, 1.959964), 5e-5);
        assertEquals(0, WilsonBound.lower(0, 20, 1.959964), 1e-12);
    }

    @Test
    void refusesEvidenceThatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> new ClickEvidence(1, 2, List.of()));
        assertThrows(IllegalArgumentException.class, () -> ClickEvidence.NONE.plusShown(1, -1));
    }

    @Test
    void takesImpressionsBack() {
        ClickEvidence evidence = ClickEvidence.NONE.plusShown(3, 1).plusShown(1, 1);

        assertEquals(List.of(1, 0, 1), evidence.shownAt());
        assertEquals(ClickEvidence.NONE, evidence.plusShown(3, -1).plusShown(1, -1));
    }
}
