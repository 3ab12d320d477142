package dev.tandem.trainer.batch;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a pool holds, without the lists themselves: they are read again from where they stand.
 *
 * @param partitions one entry per partition that holds lists of the pool
 */
public record PoolState(List<Partition> partitions) {
    /** In place of a number of uses: not used yet at all. */
    public static final int FRESH = -1;

    /** A pool without lists. */
    public static final PoolState EMPTY = new PoolState(List.of());

    /**
     * The lists of one partition.
     *
     * @param offsets where they stand, ascending
     * @param uses how often each has been used since the champion changed or the stage began, {@link #FRESH} if never
     */
    public record Partition(int partition, List<Long> offsets, List<Integer> uses) {
        public Partition {
            offsets = List.copyOf(offsets);
            uses = List.copyOf(uses);
            if (offsets.size() != uses.size()) {
                throw new IllegalArgumentException("Partition %d: expected as many uses as offsets, got %d and %d"
                        .formatted(partition, uses.size(), offsets.size()));
            }
        }
    }

    public PoolState {
        partitions = List.copyOf(partitions);
    }

    /** Where the lists stand, each with its uses. */
    public SortedMap<Origin, Integer> uses() {
        SortedMap<Origin, Integer> uses = new TreeMap<>();
        for (Partition held : partitions) {
            for (int i = 0; i < held.offsets().size(); i++) {
                uses.put(
                        new Origin(held.partition(), held.offsets().get(i)),
                        held.uses().get(i));
            }
        }
        return uses;
    }
}
