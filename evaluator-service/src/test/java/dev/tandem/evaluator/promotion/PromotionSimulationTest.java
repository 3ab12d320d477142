package dev.tandem.evaluator.promotion;

import static dev.tandem.evaluator.promotion.PromotionRule.FUSED_GATE;
import static dev.tandem.evaluator.promotion.PromotionRule.RECALL_GUARD;
import static dev.tandem.evaluator.promotion.PromotionRule.RERANKER_GUARD;
import static dev.tandem.evaluator.promotion.PromotionRule.RETRIEVER_GATE;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.evaluator.metric.Bootstrap;
import dev.tandem.evaluator.metric.Scorecard;
import dev.tandem.evaluator.metric.Scorecard.Measured;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * How often the rule promotes what is not better, and what is, over many rounds of made-up models with about the quickstart's
 * numbers: 400 gate queries, MRR@10 of one half, and a challenger that answers four in ten queries anew.
 */
class PromotionSimulationTest {
    private static final int ROUNDS = 1_000;
    private static final int QUERIES = 400;
    /** Share of the queries that the challenger answers as if it had never seen the champion's answer. */
    private static final double ANEW = 0.4;

    private static final PromotionRule RULE =
            new PromotionRule(0.05, 0.005, 0.05, new RandomizationTest(2_000, 1), new Bootstrap(400, 0.95, 1));

    @Test
    void promotesNoiseAtMostAsOftenAsItSays() {
        double rate = rateOfPromotions(0);

        System.out.printf("Promoted without any gain: %.3f of the rounds%n", rate);
        assertTrue(rate <= 0.05, "promoted noise in %.3f of the rounds".formatted(rate));
    }

    @Test
    void promotesTrueGainsTheSurerTheLargerTheyAre() {
        double small = rateOfPromotions(0.01);
        double middle = rateOfPromotions(0.02);
        double large = rateOfPromotions(0.05);

        System.out.printf("Promoted with a gain of .01, .02, .05: %.3f, %.3f, %.3f%n", small, middle, large);
        assertTrue(small < middle && middle < large, "%.3f, %.3f, %.3f".formatted(small, middle, large));
        assertTrue(large >= 0.7, "a gain of .05 was promoted in %.3f of the rounds only".formatted(large));
    }

    /** Retriever and fused order gain alike, each on queries of its own; the re-ranker alone is as good as the fused order. */
    private static double rateOfPromotions(double gain) {
        SplittableRandom random = new SplittableRandom(17);
        int promoted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            TreeMap<String, Map<Measured, Double>> champion = new TreeMap<>();
            TreeMap<String, Map<Measured, Double>> challenger = new TreeMap<>();
            for (int query = 0; query < QUERIES; query++) {
                String id = "q%03d".formatted(query);
                double retriever = reciprocalRank(random);
                double fused = reciprocalRank(random);
                double recall = found(random);
                champion.put(id, values(retriever, fused, recall));
                challenger.put(
                        id,
                        values(
                                answered(retriever, gain, random),
                                answered(fused, gain, random),
                                random.nextDouble() < ANEW ? found(random) : recall));
            }
            Optional<Contestant> reigning = Optional.of(contestant("champion", champion));
            promoted += RULE.decide(contestant("challenger", challenger), reigning) instanceof Promoted ? 1 : 0;
        }
        return promoted / (double) ROUNDS;
    }

    /** Half of the first relevant passages stand at the top or are not found; the others stand anywhere between. */
    private static double reciprocalRank(SplittableRandom random) {
        double draw = random.nextDouble();
        if (draw < 0.38) {
            return 1;
        }
        return draw < 0.75 ? 1.0 / (2 + random.nextInt(9)) : 0;
    }

    private static double found(SplittableRandom random) {
        return random.nextDouble() < 0.9 ? 1 : 0;
    }

    /** What is gained on average comes from queries whose answer moves to the top. */
    private static double answered(double before, double gain, SplittableRandom random) {
        double now = random.nextDouble() < ANEW ? reciprocalRank(random) : before;
        return random.nextDouble() < gain / (1 - MEAN) ? 1 : now;
    }

    private static final double MEAN = mean();

    private static double mean() {
        double sum = 0;
        for (int rank = 2; rank <= 10; rank++) {
            sum += 1.0 / rank;
        }
        return 0.38 + (0.75 - 0.38) * sum / 9;
    }

    private static Map<Measured, Double> values(double retriever, double fused, double recall) {
        return Map.of(RETRIEVER_GATE, retriever, FUSED_GATE, fused, RERANKER_GUARD, fused, RECALL_GUARD, recall);
    }

    private static Contestant contestant(String id, SortedMap<String, Map<Measured, Double>> byQuery) {
        return new Contestant(id, true, new Scorecard(byQuery), List.of());
    }
}
