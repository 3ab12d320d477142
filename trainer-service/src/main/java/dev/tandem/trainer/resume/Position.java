package dev.tandem.trainer.resume;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far the lists have been read.
 *
 * @param offsets by partition, the offset of the next list; a partition that is missing is read from its beginning
 * @param turn partition whose turn it is: partitions are read one list each in turn, so that the order of reading does not
 *     depend on how the broker happens to answer
 */
public record Position(Map<Integer, Long> offsets, int turn) {
    /** Nothing has been read yet. */
    public static final Position BEGINNING = new Position(Map.of(), 0);

    public Position {
        offsets = Collections.unmodifiableMap(new TreeMap<>(offsets));
    }
}
