package dev.tandem.trainer.batch;

import java.util.Comparator;

/** Where a candidate list stands: enough to read it again. */
public record Origin(int partition, long offset) implements Comparable<Origin> {
    private static final Comparator<Origin> ORDER =
            Comparator.comparingInt(Origin::partition).thenComparingLong(Origin::offset);

    @Override
    public int compareTo(Origin other) {
        return ORDER.compare(this, other);
    }
}
