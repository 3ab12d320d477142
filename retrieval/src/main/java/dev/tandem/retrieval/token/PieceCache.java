package dev.tandem.retrieval.token;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The pieces of texts split lately, least recently used ones dropped: a passage is ranked for many queries, and splitting it
 * takes about as long as a small model takes to score it.
 */
final class PieceCache {
    private static final int ENTRY_BYTES = 150;

    private final Map<String, int[]> piecesByText = new LinkedHashMap<>(1024, 0.75f, true);
    private final long capacity;
    private long held;

    /** @param capacity about how many bytes of memory to hold */
    PieceCache(long capacity) {
        this.capacity = capacity;
    }

    /** Null where the text is not held. */
    synchronized int[] get(String text) {
        return piecesByText.get(text);
    }

    synchronized void put(String text, int[] pieces) {
        if (piecesByText.put(text, pieces) == null) {
            held += bytes(text, pieces);
        }
        Iterator<Map.Entry<String, int[]>> eldest = piecesByText.entrySet().iterator();
        while (held > capacity) {
            Map.Entry<String, int[]> entry = eldest.next();
            held -= bytes(entry.getKey(), entry.getValue());
            eldest.remove();
        }
    }

    /** One text always has the same pieces, so what was added for it can be subtracted again. */
    private static long bytes(String text, int[] pieces) {
        return ENTRY_BYTES + (long) text.length() + (long) Integer.BYTES * pieces.length;
    }
}
