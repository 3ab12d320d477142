package dev.tandem.quickstart.benchmark;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/** Two ways to the same work in turns, so that a noisy machine is as noisy to both. */
final class Alternation {
    private static final double NANOS = 1e9;

    private Alternation() {}

    /** What is timed. */
    interface Work {
        void run() throws IOException;
    }

    /** Runs both so often and prints their seconds, and the other's median by the median of this one: above 1 where this one is faster. */
    static void run(int rounds, String name, Work work, String otherName, Work other) throws IOException {
        double[] seconds = new double[rounds];
        double[] others = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            seconds[round] = seconds(work);
            others[round] = seconds(other);
            print("%s %.1f s, %s %.1f s", name, seconds[round], otherName, others[round]);
        }
        print("%s by %s, medians: %.3f", otherName, name, median(others) / median(seconds));
    }

    private static double seconds(Work work) throws IOException {
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
