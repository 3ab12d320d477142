package dev.tandem.evaluator.metric;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How far a mean over queries could move had other queries of the same kind been asked: percentile bootstrap (Efron,
 * 1979).
 *
 * @param resamples how often the queries are drawn anew; 1,000 and more
 * @param confidence 0.95 for a 95 % interval
 * @param seed the same values and seed give the same interval
 */
public record Bootstrap(int resamples, double confidence, long seed) {
    public Bootstrap {
        if (resamples < 1) {
            throw new IllegalArgumentException("Expected at least 1 resample, got " + resamples);
        }
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("Expected a confidence between 0 and 1, got " + confidence);
        }
    }

    /** Interval of the mean of at least one value. */
    public Interval mean(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("Expected at least one value, got none");
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            double sum = 0;
            for (int j = 0; j < values.length; j++) {
                sum += values[random.nextInt(values.length)];
            }
            means[i] = sum / values.length;
        }
        Arrays.sort(means);
        double tail = (1 - confidence) / 2;
        return new Interval(quantile(means, tail), quantile(means, 1 - tail));
    }

    /** Linear interpolation between the neighbours, as NumPy's default. */
    private static double quantile(double[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
