package dev.tandem.quickstart.ablation;

import dev.tandem.evaluator.metric.Bootstrap;
import dev.tandem.evaluator.metric.Interval;
import java.util.Arrays;
import java.util.List;

/** A variant over its seeds, in one measure. */
final class Summary {
    private static final Bootstrap BOOTSTRAP = new Bootstrap(10_000, 0.95, 1);

    private final double[] perQuery;
    private final double[] perSeed;

    private Summary(double[] perQuery, double[] perSeed) {
        this.perQuery = perQuery;
        this.perSeed = perSeed;
    }

    /** Of results of one variant, at least one, or of differences between two. */
    static Summary of(List<double[]> valuesOfSeeds) {
        double[] perQuery = new double[valuesOfSeeds.get(0).length];
        Arrays.setAll(
                perQuery,
                i -> valuesOfSeeds.stream()
                        .mapToDouble(values -> values[i])
                        .average()
                        .orElse(0));
        double[] perSeed = valuesOfSeeds.stream()
                .mapToDouble(values -> Arrays.stream(values).average().orElse(0))
                .toArray();
        return new Summary(perQuery, perSeed);
    }

    /** Mean over the seeds of each query's value. */
    double[] perQuery() {
        return perQuery.clone();
    }

    /** Mean over the queries, one per seed. */
    double[] perSeed() {
        return perSeed.clone();
    }

    double mean() {
        return Arrays.stream(perQuery).average().orElse(0);
    }

    /** 95 %, had other queries of the same kind been asked. */
    Interval interval() {
        return BOOTSTRAP.mean(perQuery);
    }

    /** Standard deviation over the seeds; 0 of one. */
    double deviation() {
        double mean = Arrays.stream(perSeed).average().orElse(0);
        double squares = Arrays.stream(perSeed)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return perSeed.length < 2 ? 0 : Math.sqrt(squares / (perSeed.length - 1));
    }
}
