package dev.tandem.evaluator.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private final Refusals refusals = new Refusals();

    @Test
    void countsLikeWithLike() {
        refusals.add("queries", "miner", "Expected QueryRecorded, got 12 bytes", Instant.ofEpochSecond(1), null);
        refusals.add("queries", "miner", "Expected QueryRecorded, got 999 bytes", Instant.ofEpochSecond(2), null);
        refusals.add("clicks", "miner", "Expected ClickRecorded, got 3 bytes", Instant.ofEpochSecond(3), null);

        Refusals.Refusal most = refusals.list().get(0);
        assertEquals(2, most.count());
        assertEquals("Expected QueryRecorded, got … bytes", most.reason());
        assertEquals(Instant.ofEpochSecond(2), most.lastAt());
    }

    @Test
    void staysSmallWhateverTheReasons() {
        for (char letter = 'a'; letter <= 'z'; letter++) {
            for (char second = 'a'; second <= 'z'; second++) {
                refusals.add("queries", "miner", "reason " + letter + second, Instant.EPOCH, null);
            }
        }

        assertEquals(26 * 26, refusals.total());
        assertTrue(refusals.list().size() <= 51);
        assertEquals("other reasons", refusals.list().get(0).reason());
    }

    @Test
    void remembersItsOwn() {
        refusals.add("passages", "evaluator", "bad", Instant.EPOCH, "passages-0@7");

        assertTrue(refusals.isKnown("passages-0@7"));
        assertFalse(refusals.isKnown("passages-0@8"));
    }
}
