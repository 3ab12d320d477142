package dev.tandem.miner.label;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClickPolicyTest {
    private final ClickPolicy policy = new ClickPolicy(3, Duration.ofSeconds(30));

    @Test
    void needsAsManySatisfiedUsersAsItSays() {
        assertEquals(LabelDecision.WEAK, policy.decide(new ClickEvidence(100, 2)));
        assertEquals(LabelDecision.POSITIVE, policy.decide(new ClickEvidence(3, 3)));
    }

    @Test
    void countsAnUnknownDwellAsSatisfied() {
        assertTrue(policy.isSatisfied(null));
        assertTrue(policy.isSatisfied(30_000L));
        assertFalse(policy.isSatisfied(29_999L));
    }

    @Test
    void refusesEvidenceThatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> new ClickEvidence(1, 2));
    }
}
