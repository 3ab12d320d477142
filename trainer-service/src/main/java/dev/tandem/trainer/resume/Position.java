package dev.tandem.trainer.resume;

import dev.tandem.trainer.batch.Origin;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How far the lists have been read.
 *
 * @param offsets by partition, the offset of the next list; a partition that is missing is read from its beginning
 * @param turn partition whose turn it is: partitions are read one list each in turn, so that the order of reading does not
 *     depend on how the broker happens to answer
 * @param refused records before the offsets that were refused and are not known to be in the dead letters
 */
public record Position(Map<Integer, Long> offsets, int turn, Set<Origin> refused) {
    /** Nothing has been read yet. */
    public static final Position BEGINNING = new Position(Map.of(), 0);

    public Position {
        offsets = Collections.unmodifiableMap(new TreeMap<>(offsets));
        NavigableSet<Origin> ordered = new TreeSet<>();
        if (refused != null) { // older checkpoints tell of none
            refused.forEach(ordered::add); // one by one, for others may become fewer meanwhile
        }
        refused = Collections.unmodifiableNavigableSet(ordered);
    }

    /** A position that leaves nothing behind. */
    public Position(Map<Integer, Long> offsets, int turn) {
        this(offsets, turn, Set.of());
    }
}
