package dev.tandem.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessTest {
    private static final String TOKEN = "0123456789abcdef";

    @Test
    void letsInWhoeverKnowsTheToken() {
        assertEquals(Optional.empty(), new Access(Optional.of(TOKEN)).refusal("Bearer " + TOKEN));
    }

    @Test
    void letsInNobodyElse() {
        Access access = new Access(Optional.of(TOKEN));

        for (String authorization : new String[] {null, "", TOKEN, "Bearer", "Bearer ", "Bearer x", "Basic " + TOKEN}) {
            assertEquals(401, access.refusal(authorization).orElseThrow().status(), authorization);
        }
    }

    @Test
    void letsInNobodyWhereNoTokenIsConfigured() {
        Access.Denial denial = new Access(Optional.empty()).refusal("Bearer ").orElseThrow();

        assertEquals(403, denial.status());
        assertTrue(denial.reason().contains("set evaluator.token (EVALUATOR_TOKEN)"), denial.reason());
    }

    @Test
    void refusesATokenThatCouldBeGuessed() {
        assertThrows(IllegalArgumentException.class, () -> new Access(Optional.of("secret")));
    }
}
