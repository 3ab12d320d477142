package dev.tandem.evaluator.promotion;

import java.util.ArrayList;
import java.util.List;

/**
 * How small the p-value of the next test has to be, where challenger after challenger is tested on one set of queries without
 * an end: LORD++ (Ramdas, Yang, Wainwright and Jordan, NeurIPS 2017).
 *
 * <p>Test t has the level α · Σ γ(t − τ), summed over the promotions, where τ is the number of tests before and at the one that
 * earned the promotion, and γ(i) = i^−1.6 / ζ(1.6), which sums to 1. So a promotion earns α, which the tests after it spend:
 * .44 α the first, .14 α the second, .08 α the third. The first champion, promoted without a test, earns the first α (τ = 0).
 * What a person orders earns nothing. The levels of all tests never sum to more than α times the promotions.
 *
 * <p>What that guarantees: where each p-value is valid given the decisions before it, the expected number of promotions that are
 * no improvement is at most α times the expected number of promotions, the first champion included (mFDR; for FDR proper see
 * Fisher, 2021, arXiv 2110.08161, for positive local dependence). Tests on one set of queries are not independent: successive
 * challengers are much alike, and a champion that was chosen on these queries looks better on them than it is, its challengers
 * worse. Both make false promotions rarer, as the simulations measure ({@code PromotionSimulation}). Spending α once per set
 * (Bonferroni) would hold without any assumption, and would after some weeks promote nothing.
 *
 * @param tests number of tests so far
 * @param earnedAt for each promotion that earned α, the number of tests up to it, ascending
 */
public record TestSequence(int tests, List<Integer> earnedAt) {
    /** Before any test, with the α of the first champion. */
    public static final TestSequence START = new TestSequence(0, List.of(0));

    private static final double DECAY = 1.6;
    /** ζ(1.6), the sum of i^−1.6. */
    private static final double ZETA = 2.285766;

    public TestSequence {
        earnedAt = List.copyOf(earnedAt);
        if (earnedAt.isEmpty() || earnedAt.get(earnedAt.size() - 1) > tests) {
            throw new IllegalArgumentException(
                    "Expected promotions at tests up to %d, got them at %s".formatted(tests, earnedAt));
        }
    }

    /** After one more test, which promoted or not. */
    public TestSequence tested(boolean promoted) {
        List<Integer> earned = new ArrayList<>(earnedAt);
        if (promoted) {
            earned.add(tests + 1);
        }
        return new TestSequence(tests + 1, earned);
    }

    /** The level of the next test, one-sided. */
    public double level(double alpha) {
        return alpha
                * earnedAt.stream()
                        .mapToDouble(earned -> Math.pow(tests + 1 - earned, -DECAY) / ZETA)
                        .sum();
    }

    /** Which one the next test is since the last promotion, from 1. */
    public int sincePromotion() {
        return tests + 1 - earnedAt.get(earnedAt.size() - 1);
    }
}
