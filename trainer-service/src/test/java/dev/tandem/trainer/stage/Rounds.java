package dev.tandem.trainer.stage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long two sides took, round by round.
 *
 * <p>The sides alternate, and only one computes at a time: what else goes on in the machine slows both alike, and each
 * round has a ratio of its own.
 */
public record Rounds(List<Double> ours, List<Double> theirs) {
    private static final int WARM_UP = 2;
    private static final int FEWEST = 5;
    private static final int MOST = 40;
    /** Rounds that a side may be asked for, those that warm it up included. */
    public static final int MOST_ROUNDS = WARM_UP + MOST;

    /** Lets each side in turn work, for about so long; our side is the first, its rounds are paired with each other one's. */
    public static List<Rounds> alternate(List<Side> sides, Duration about) {
        List<List<Double>> seconds = sides.stream()
                .map(side -> (List<Double>) new ArrayList<Double>())
                .toList();
        long end = 0;
        for (int round = 0; round < WARM_UP + FEWEST || (round < MOST && System.nanoTime() < end); round++) {
            if (round == WARM_UP) {
                end = System.nanoTime() + about.toNanos();
            }
            for (int i = 0; i < sides.size(); i++) {
                double took = sides.get(i).run(round);
                if (round >= WARM_UP) {
                    seconds.get(i).add(took);
                }
            }
        }
        return seconds.stream()
                .skip(1)
                .map(theirs -> new Rounds(seconds.get(0), theirs))
                .toList();
    }

    double ourMedian() {
        return quantile(array(ours), 0.5);
    }

    double theirMedian() {
        return quantile(array(theirs), 0.5);
    }

    /** Quantile of our time divided by theirs. */
    double timeRatio(double share) {
        double[] ratios = new double[ours.size()];
        Arrays.setAll(ratios, i -> ours.get(i) / theirs.get(i));
        return quantile(ratios, share);
    }

    /** Quantile of our speed divided by theirs. */
    double speedRatio(double share) {
        return 1 / timeRatio(1 - share);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double quantile(double[] values, double share) {
        Arrays.sort(values);
        double at = share * (values.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, values.length - 1);
        return values[below] + (at - below) * (values[above] - values[below]);
    }
}
