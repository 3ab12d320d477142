package dev.tandem.miner.offline;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** Quantiles of as many scores as may come: exact up to 10,000, beyond that of a sample in which each is as likely. */
final class ScoreSample {
    private static final int MOST = 10_000;

    private final float[] kept = new float[MOST];
    private final Random random = new Random(1); // the same lists give the same report
    private long count;

    /** Counts a score, if there is one. */
    void add(Float score) {
        if (score == null) {
            return;
        }
        long place = count < MOST ? count : random.nextLong(count + 1);
        if (place < MOST) {
            kept[(int) place] = score;
        }
        count++;
    }

    /** The smallest score that a share of them does not exceed; NaN where there is none. */
    double quantile(double share) {
        int size = (int) Math.min(count, MOST);
        if (size == 0) {
            return Double.NaN;
        }
        float[] sorted = Arrays.copyOf(kept, size);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * size) - 1)];
    }

    /** A tenth, half and nine tenths of them lie below these. */
    String deciles() {
        return count == 0
                ? "–"
                : String.format(Locale.ROOT, "%.3f / %.3f / %.3f", quantile(0.1), quantile(0.5), quantile(0.9));
    }
}
