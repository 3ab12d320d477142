package dev.tandem.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueryKeyTest {
    @Test
    void isTheSameForTheSameQuestion() {
        assertEquals(QueryKey.of("How to split a string"), QueryKey.of("  how  TO\tsplit a\u00a0string "));
        assertEquals(QueryKey.of("ﬁle"), QueryKey.of("file"));
    }

    @Test
    void differsForAnotherQuestion() {
        assertNotEquals(QueryKey.of("split a string"), QueryKey.of("split strings"));
    }

    @Test
    void neverChanges() {
        assertEquals(
                "700cceab467e961272cee45d031c8a57",
                QueryKey.of("split a string").value());
    }

    @Test
    void holdsOutTheShareAsked() {
        double heldOut = IntStream.range(0, 20_000)
                .filter(i -> QueryKey.of("query " + i).isHeldOut(0.1))
                .count();

        assertEquals(2_000, heldOut, 130); // three standard deviations
    }

    @Test
    void splitsGateFromReportIndependently() {
        double gate = IntStream.range(0, 20_000)
                .mapToObj(i -> QueryKey.of("query " + i))
                .filter(key -> key.isHeldOut(0.1) && key.isGate())
                .count();

        assertEquals(1_000, gate, 95);
    }

    @Test
    void refusesWhatIsNoKey() {
        assertThrows(IllegalArgumentException.class, () -> new QueryKey("split a string"));
    }
}
