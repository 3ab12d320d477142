package dev.tandem.miner;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RestingPaceTest {
    private final long start = System.nanoTime();

    @Test
    void beginsRested() {
        assertTrue(new RestingPace(0.5).isRested(System.nanoTime()));
    }

    @Test
    void restsUntilTheWorkWasItsShareOfTheTime() {
        RestingPace pace = new RestingPace(0.25);
        pace.worked(start, start + 100);

        assertFalse(pace.isRested(start + 399));
        assertTrue(pace.isRested(start + 400));
    }

    @Test
    void doesNotRestWithAllOfTheTime() {
        RestingPace pace = new RestingPace(1);
        pace.worked(start, start + 100);

        assertTrue(pace.isRested(start + 100));
    }
}
