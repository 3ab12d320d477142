package dev.tandem.evaluator.promotion;

import dev.tandem.evaluator.metric.Bootstrap;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What the rule does with whole trainings of made-up checkpoints: how often it promotes what is no better than the champion, and
 * what is. Prints a table over 1,000 trainings without gain and 200 with one; {@code mvn -Pbenchmark verify} runs it, the build a part of it.
 */
final class PromotionSimulation {
    static final double NEAR = 0.1;
    static final double FAR = 0.4;
    private static final int ROUNDS = 1_000;
    private static final int FEWER = 200;
    private static final int CHECKPOINTS = 20;
    private static final PromotionRule RULE =
            new PromotionRule(0.05, 0.005, 0.05, new RandomizationTest(200, 1), new Bootstrap(100, 0.95, 1));

    /** What each checkpoint after the first gains in truth, which depends on its number from 1 and on chance. */
    interface Gains {
        double of(int checkpoint, SplittableRandom random);
    }

    /**
     * Means over the trainings.
     *
     * @param promotions the first champion included
     * @param falsely promotions of what is no better in truth
     * @param anyFalse share of the trainings with one
     * @param falseShare of the promotions, per training: the false discovery rate
     * @param gained true gain of the last champion over the first
     */
    record Result(double promotions, double falsely, double anyFalse, double falseShare, double gained) {
        @Override
        public String toString() {
            return "%.2f promotions, %.3f of them false (in %.3f of the trainings; FDR %.3f), last champion +%.3f"
                    .formatted(promotions, falsely, anyFalse, falseShare, gained);
        }
    }

    private PromotionSimulation() {}

    public static void main(String[] arguments) {
        for (double anew : new double[] {NEAR, FAR}) {
            System.out.printf(
                    "Each checkpoint answers %.0f %% of the queries otherwise than the one before%n", 100 * anew);
            print("no gain", ROUNDS, anew, (checkpoint, random) -> 0);
            print("gain of .03 in one of six", FEWER, anew, (checkpoint, random) -> random.nextInt(6) == 0 ? 0.03 : 0);
            print("gain of .01 each", FEWER, anew, (checkpoint, random) -> 0.01);
            for (double gain : new double[] {0.01, 0.02, 0.05, 0.08}) {
                System.out.printf(
                        "  gain of %.2f: promoted by test 1, 3, 6, 12 since a promotion: %.3f, %.3f, %.3f, %.3f%n",
                        gain,
                        power(ROUNDS, anew, gain, 1),
                        power(ROUNDS, anew, gain, 3),
                        power(ROUNDS, anew, gain, 6),
                        power(ROUNDS, anew, gain, 12));
            }
        }
    }

    private static void print(String what, int rounds, double anew, Gains gains) {
        System.out.printf("  %s: %s%n", what, trainings(rounds, anew, gains, true));
        System.out.printf("  %s, each test as if it were the first: %s%n", what, trainings(rounds, anew, gains, false));
    }

    /**
     * Whole trainings of 20 checkpoints, each tested against the champion.
     *
     * @param corrected whether the rule knows of the tests before
     */
    static Result trainings(int rounds, double anew, Gains gains, boolean corrected) {
        SplittableRandom random = new SplittableRandom(17);
        double[] sums = new double[5];
        for (int round = 0; round < rounds; round++) {
            double[] values = training(anew, gains, corrected, random);
            Arrays.setAll(sums, i -> sums[i] + values[i] / rounds);
        }
        return new Result(sums[0], sums[1], sums[2], sums[3], sums[4]);
    }

    private static double[] training(double anew, Gains gains, boolean corrected, SplittableRandom random) {
        SimulatedCheckpoint first = SimulatedCheckpoint.first(random);
        SimulatedCheckpoint champion = first;
        SimulatedCheckpoint latest = first;
        TestSequence tests = TestSequence.START;
        double falsely = 0;
        for (int checkpoint = 1; checkpoint < CHECKPOINTS; checkpoint++) {
            latest = latest.next(anew, gains.of(checkpoint, random), random);
            boolean promoted = isPromoted(latest, champion, corrected ? tests : TestSequence.START);
            tests = tests.tested(promoted);
            if (promoted) {
                falsely += latest.truth() <= champion.truth() ? 1 : 0;
                champion = latest;
            }
        }
        int promotions = tests.earnedAt().size();
        return new double[] {
            promotions, falsely, falsely > 0 ? 1 : 0, falsely / promotions, champion.truth() - first.truth()
        };
    }

    /** Share of challengers with a true gain over the champion that are promoted by the n-th test since its promotion. */
    static double power(int rounds, double anew, double gain, int test) {
        SplittableRandom random = new SplittableRandom(17);
        TestSequence tests = new TestSequence(test - 1, TestSequence.START.earnedAt());
        int promoted = 0;
        for (int round = 0; round < rounds; round++) {
            SimulatedCheckpoint champion = SimulatedCheckpoint.first(random);
            promoted += isPromoted(champion.next(anew, gain, random), champion, tests) ? 1 : 0;
        }
        return promoted / (double) rounds;
    }

    private static boolean isPromoted(
            SimulatedCheckpoint challenger, SimulatedCheckpoint champion, TestSequence tests) {
        Contestant reigning = champion.contestant("champion");
        Standing standing = new Standing(tests, Map.of(), Set.of(), 0);
        return RULE.decide(challenger.contestant("challenger"), Optional.of(reigning), standing) instanceof Promoted;
    }
}
