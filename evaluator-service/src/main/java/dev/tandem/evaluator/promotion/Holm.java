package dev.tandem.evaluator.promotion;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Correction for testing several things at once (Holm, 1979): the chance that any of them errs stays below alpha. */
public final class Holm {
    private Holm() {}

    /** Adjusted p-values in the given order: step-down, never falling, at most 1. */
    public static double[] adjust(double[] pValues) {
        int[] ascending = IntStream.range(0, pValues.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> pValues[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] adjusted = new double[pValues.length];
        double running = 0;
        for (int rank = 0; rank < ascending.length; rank++) {
            int index = ascending[rank];
            running = Math.max(running, Math.min(1, (pValues.length - rank) * pValues[index]));
            adjusted[index] = running;
        }
        return adjusted;
    }
}
