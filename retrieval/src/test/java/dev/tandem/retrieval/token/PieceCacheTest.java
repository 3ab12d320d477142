package dev.tandem.retrieval.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class PieceCacheTest {
    @Test
    void dropsTheLeastRecentlyUsedWhenFull() {
        PieceCache cache = new PieceCache(500);
        cache.put("a", new int[] {1});
        cache.put("b", new int[] {2});
        cache.put("c", new int[] {3});

        cache.get("a");
        cache.put("d", new int[] {4});

        assertNull(cache.get("b"));
        assertArrayEquals(new int[] {1}, cache.get("a"));
        assertArrayEquals(new int[] {4}, cache.get("d"));
    }

    @Test
    void holdsNoTextThatIsLargerThanItself() {
        PieceCache cache = new PieceCache(500);
        cache.put("a", new int[] {1});

        cache.put("long", new int[200]);

        assertNull(cache.get("long"));
        assertNull(cache.get("a"));
        cache.put("b", new int[] {2});
        assertArrayEquals(new int[] {2}, cache.get("b"));
    }
}
