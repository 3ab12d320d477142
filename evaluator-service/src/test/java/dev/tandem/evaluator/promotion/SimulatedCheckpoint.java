package dev.tandem.evaluator.promotion;

import static dev.tandem.evaluator.promotion.PromotionRule.FUSED_GATE;
import static dev.tandem.evaluator.promotion.PromotionRule.RECALL_GUARD;
import static dev.tandem.evaluator.promotion.PromotionRule.RERANKER_GUARD;
import static dev.tandem.evaluator.promotion.PromotionRule.RETRIEVER_GATE;

import dev.tandem.evaluator.metric.Scorecard;
import dev.tandem.evaluator.metric.Scorecard.Measured;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A made-up checkpoint with about the quickstart's numbers: 400 gate queries, MRR@10 of one half. Retriever and fused order are
 * equally good, each on queries of its own; the re-ranker alone is as good as the fused order.
 */
final class SimulatedCheckpoint {
    static final int QUERIES = 400;
    private static final double MEAN = 0.38 + (0.75 - 0.38) * (1.928968 / 9); // 1/2 + ... + 1/10

    /** Share of the queries answered at the top whatever else: what is gained in truth. */
    private final double solved;

    private final double[] retriever = new double[QUERIES];
    private final double[] fused = new double[QUERIES];
    private final double[] recall = new double[QUERIES];

    private SimulatedCheckpoint(double solved) {
        this.solved = solved;
    }

    /** The first one of a training. */
    static SimulatedCheckpoint first(SplittableRandom random) {
        return of(0, q -> true, null, random);
    }

    /** Expected MRR@10 over all queries there could be. */
    double truth() {
        return solved + (1 - solved) * MEAN;
    }

    /**
     * A later one.
     *
     * @param anew share of the queries answered as if this one had never been; the others are answered alike
     * @param gain in expected MRR@10
     */
    SimulatedCheckpoint next(double anew, double gain, SplittableRandom random) {
        return of(solved + gain / (1 - MEAN), q -> random.nextDouble() < anew, this, random);
    }

    private interface Share {
        boolean contains(int query);
    }

    private static SimulatedCheckpoint of(
            double solved, Share anew, SimulatedCheckpoint before, SplittableRandom random) {
        SimulatedCheckpoint made = new SimulatedCheckpoint(solved);
        for (int q = 0; q < QUERIES; q++) {
            made.retriever[q] =
                    anew.contains(q) ? answer(solved, random) : kept(before, before.retriever[q], solved, random);
            made.fused[q] = anew.contains(q) ? answer(solved, random) : kept(before, before.fused[q], solved, random);
            made.recall[q] = anew.contains(q) ? random.nextDouble() < 0.9 ? 1 : 0 : before.recall[q];
        }
        return made;
    }

    private static double kept(SimulatedCheckpoint before, double value, double solved, SplittableRandom random) {
        return random.nextDouble() < (solved - before.solved) / (1 - before.solved) ? 1 : value;
    }

    /** Half of the first relevant passages stand at the top or are not found; the others stand anywhere between. */
    private static double answer(double solved, SplittableRandom random) {
        double draw = random.nextDouble();
        if (random.nextDouble() < solved || draw < 0.38) {
            return 1;
        }
        return draw < 0.75 ? 1.0 / (2 + random.nextInt(9)) : 0;
    }

    Contestant contestant(String id) {
        TreeMap<String, Map<Measured, Double>> byQuery = new TreeMap<>();
        for (int q = 0; q < QUERIES; q++) {
            Map<Measured, Double> values = Map.of(
                    RETRIEVER_GATE,
                    retriever[q],
                    FUSED_GATE,
                    fused[q],
                    RERANKER_GUARD,
                    fused[q],
                    RECALL_GUARD,
                    recall[q]);
            byQuery.put("q%03d".formatted(q), values);
        }
        return new Contestant(id, true, new Scorecard(byQuery), List.of());
    }
}
