package dev.tandem.evaluator.promotion;

import static java.util.Objects.requireNonNull;

import dev.tandem.evaluator.metric.Bootstrap;
import dev.tandem.evaluator.metric.Interval;
import dev.tandem.evaluator.metric.Scorecard.Measured;
import java.util.Arrays;

/**
 * Challenger against champion in one metric, on the same queries.
 *
 * @param challenger mean of the challenger
 * @param champion mean of the champion
 * @param interval bootstrap interval of the mean difference
 * @param pValue two-sided paired randomization test
 * @param adjustedPValue the same after Holm's correction
 * @param wins queries on which the challenger is better
 * @param slice {@link #ALL}, or which part of the queries
 */
public record Comparison(
        Measured measured,
        double challenger,
        double champion,
        Interval interval,
        double pValue,
        double adjustedPValue,
        int wins,
        int ties,
        int losses,
        String slice) {
    static final String ALL = "all";

    public Comparison {
        requireNonNull(measured, "measured is null");
        requireNonNull(interval, "interval is null");
    }

    /** Compares values of the same queries in the same order. */
    public static Comparison of(
            Measured measured,
            double[] challenger,
            double[] champion,
            RandomizationTest randomization,
            Bootstrap bootstrap) {
        return of(measured, challenger, champion, 1, randomization, bootstrap);
    }

    /**
     * Compares values of the same queries in the same order.
     *
     * @param level p-value that has to be told from larger ones, above 0
     */
    static Comparison of(
            Measured measured,
            double[] challenger,
            double[] champion,
            double level,
            RandomizationTest randomization,
            Bootstrap bootstrap) {
        if (challenger.length != champion.length) {
            throw new IllegalArgumentException("%s: %d queries of the challenger against %d of the champion"
                    .formatted(measured, challenger.length, champion.length));
        }
        double[] differences = new double[challenger.length];
        Arrays.setAll(differences, i -> challenger[i] - champion[i]);
        double p = randomization.pValue(differences, level);
        return new Comparison(
                measured,
                mean(challenger),
                mean(champion),
                bootstrap.mean(differences),
                p,
                p,
                (int) Arrays.stream(differences).filter(d -> d > 0).count(),
                (int) Arrays.stream(differences).filter(d -> d == 0).count(),
                (int) Arrays.stream(differences).filter(d -> d < 0).count(),
                ALL);
    }

    public Comparison withAdjusted(double adjusted) {
        return new Comparison(measured, challenger, champion, interval, pValue, adjusted, wins, ties, losses, slice);
    }

    Comparison on(String part) {
        return new Comparison(
                measured, challenger, champion, interval, pValue, adjustedPValue, wins, ties, losses, part);
    }

    public double delta() {
        return challenger - champion;
    }

    int queries() {
        return wins + ties + losses;
    }

    /** Whether any query differs; where none does, nothing was tested. */
    public boolean differs() {
        return wins + losses > 0;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }
}
