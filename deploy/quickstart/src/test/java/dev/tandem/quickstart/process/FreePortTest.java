package dev.tandem.quickstart.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortTest {
    @Test
    void givesNoPortTwiceAndNoneThatAnOutgoingConnectionMayTake() {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            given.add(FreePort.next());
        }

        assertEquals(500, given.size());
        assertTrue(given.stream().allMatch(port -> port < 32_768), given::toString);
    }
}
