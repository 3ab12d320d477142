package dev.tandem.quickstart.benchmark;

import java.util.Arrays;
import java.util.Locale;

/** Two ways to the same work in turns, so that a noisy machine is as noisy to both. */
final class Alternation {
    private static final double NANOS = 1e9;

    private Alternation() {}

    /** Runs both so often and prints their seconds, and the bare encoders' median by the other's: 1 where the rest costs nothing. */
    static void run(int rounds, String name, Runnable whole, Runnable bareEncoders) {
        double[] wholes = new double[rounds];
        double[] bares = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            wholes[round] = seconds(whole);
            bares[round] = seconds(bareEncoders);
            print("%s %.1f s, bare encoders %.1f s", name, wholes[round], bares[round]);
        }
        print("bare encoders by %s, medians: %.3f", name, median(bares) / median(wholes));
    }

    private static double seconds(Runnable work) {
        long began = System.nanoTime();
        work.run();
        return (System.nanoTime() - began) / NANOS;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
