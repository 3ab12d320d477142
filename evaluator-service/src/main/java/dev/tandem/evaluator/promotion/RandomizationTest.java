package dev.tandem.evaluator.promotion;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How often chance alone gives a difference as large as the one observed: Fisher's paired randomization test, two-sided,
 * as Smucker et al. (CIKM 2007) recommend it for retrieval.
 *
 * <p>If both systems were alike, each query's difference could as well have had the other sign. Up to {@value
 * #ENUMERATED} queries that differ all assignments of signs are counted; beyond, a sample of them, and p is (hits + 1) /
 * (samples + 1), never 0.
 *
 * @param samples assignments drawn; more where a level needs them
 * @param seed the same differences and seed give the same p
 */
public record RandomizationTest(int samples, long seed) {
    private static final int ENUMERATED = 16;
    private static final double TOLERANCE = 1e-12;
    /** Hits after which no more are drawn than always. */
    private static final int CLEAR = 50;
    /** Hits that a p-value at the level has on average. */
    private static final int AT_LEVEL = 20;

    private static final int MOST_SAMPLES = 10_000_000;

    public RandomizationTest {
        if (samples < 1) {
            throw new IllegalArgumentException("Expected at least 1 sample, got " + samples);
        }
    }

    /** The p-value of differences, one per query; 1 where none differs. */
    public double pValue(double[] differences) {
        return pValue(differences, 1);
    }

    /**
     * The same, from more assignments where p may be as small as a level: so many that a p at the level would be the share of
     * {@value #AT_LEVEL} hits, at most {@value #MOST_SAMPLES}.
     *
     * @param level above 0
     */
    public double pValue(double[] differences, double level) {
        double[] nonZero = Arrays.stream(differences).filter(d -> d != 0).toArray();
        double observed = Arrays.stream(nonZero).sum();
        double[][] sums = subsetSums(nonZero);
        double least = Math.abs(observed) - TOLERANCE;
        return nonZero.length <= ENUMERATED
                ? exact(nonZero.length, sums, observed, least)
                : sampled(sums, observed, least, level);
    }

    private static double exact(int differing, double[][] sums, double observed, double least) {
        int assignments = 1 << differing;
        int hits = 0;
        for (int signs = 0; signs < assignments; signs++) {
            double kept = 0;
            for (int group = 0; group < sums.length; group++) {
                kept += sums[group][signs >>> (8 * group) & 0xff];
            }
            hits += Math.abs(2 * kept - observed) >= least ? 1 : 0;
        }
        return hits / (double) assignments;
    }

    private double sampled(double[][] sums, double observed, double least, double level) {
        SplittableRandom random = new SplittableRandom(seed);
        int enough = (int) Math.min(MOST_SAMPLES, Math.max(samples, Math.ceil(AT_LEVEL / level)));
        int drawn = 0;
        int hits = 0;
        while (drawn < enough && (drawn < samples || hits < CLEAR)) {
            int more = drawn < samples ? samples : Math.min(drawn, enough - drawn);
            hits += hits(more, random, sums, observed, least);
            drawn += more;
        }
        return (hits + 1.0) / (drawn + 1.0);
    }

    private static int hits(int draws, SplittableRandom random, double[][] sums, double observed, double least) {
        int hits = 0;
        for (int draw = 0; draw < draws; draw++) {
            double kept = 0;
            long signs = 0;
            for (int group = 0; group < sums.length; group++) {
                signs = group % 8 == 0 ? random.nextLong() : signs >>> 8;
                kept += sums[group][(int) (signs & 0xff)];
            }
            hits += Math.abs(2 * kept - observed) >= least ? 1 : 0;
        }
        return hits;
    }

    /** For every eight differences the sum of each of their 256 subsets: eight signs are then drawn by one look-up. */
    private static double[][] subsetSums(double[] differences) {
        double[][] sums = new double[(differences.length + 7) / 8][256];
        for (int group = 0; group < sums.length; group++) {
            for (int subset = 1; subset < 256; subset++) {
                int last = 31 - Integer.numberOfLeadingZeros(subset);
                int index = 8 * group + last;
                double difference = index < differences.length ? differences[index] : 0;
                sums[group][subset] = sums[group][subset & ~(1 << last)] + difference;
            }
        }
        return sums;
    }
}
