package dev.tandem.evaluator.promotion;

import dev.tandem.evaluator.metric.Bootstrap;
import dev.tandem.evaluator.metric.Metric;
import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.evaluator.metric.Scorecard.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Promotes a challenger that is provably better than the champion on the gate queries, and harms nothing.
 *
 * <ol>
 *   <li>A challenger with faults (collapsed embeddings, constant scores) or without any relevant passage found is rejected.
 *   <li>Without a champion it is promoted: the first.
 *   <li>Two metrics gate: MRR@10 of the retriever, and of the order that is served: both models' scores fused. While neither
 *       re-ranker is trained only the first one does; where one is, the other side serves its retriever's order.
 *   <li>Each is tested by a paired randomization test, corrected by Holm over the gating metrics. A metric that is the same on
 *       every query was not tested and does not count: a re-ranker trained on an unchanged retriever pays for one test.
 *   <li>Rejected if a gating metric is significantly worse (two-sided, at alpha), or if the 95 % interval of the difference in a gating metric, in the
 *       retriever's recall@50 or in the re-ranker's own MRR@10 reaches below minus the margin: a loss of that size cannot be
 *       excluded, and the re-ranker is also there to be used without Tandem.
 *   <li>Rejected if what is served is significantly worse on a slice of at least 30 queries (Holm over the slices), or if on the
 *       anchor, the queries judged when the first champion was promoted, it lies more than the margin behind the best champion so
 *       far: many small losses, each within the margin, add up to one that is not.
 *   <li>Promoted if a gating metric is better by at least the minimum effect with a p-value within the level that is left for
 *       this test ({@link TestSequence}); rejected otherwise. P-values are two-sided and a promotion errs to one side only, so
 *       they are held against twice the level.
 * </ol>
 *
 * @param alpha share of the promotions that may be of challengers that are not better, as expected; also the two-sided level at
 *     which it counts as worse
 * @param minimumEffect smallest gain worth a new index, in MRR
 * @param margin largest loss that may stay possible, in the metric's unit
 */
public record PromotionRule(
        double alpha, double minimumEffect, double margin, RandomizationTest randomization, Bootstrap bootstrap) {
    public static final Measured RETRIEVER_GATE = new Measured(RankingKind.RETRIEVER, Metric.parse("mrr@10"));
    public static final Measured FUSED_GATE = new Measured(RankingKind.FUSED, Metric.parse("mrr@10"));
    public static final Measured RERANKER_GUARD = new Measured(RankingKind.RERANKER, Metric.parse("mrr@10"));
    public static final Measured RECALL_GUARD = new Measured(RankingKind.RETRIEVER, Metric.parse("recall@50"));

    public PromotionRule {
        requireShare("alpha", alpha);
        requireShare("minimum effect", minimumEffect);
        requireShare("margin", margin);
    }

    /** A two-sided p-value is twice that of the better side: the signs of the randomization are symmetric. */
    private static final int SIDES = 2;

    private static void requireShare(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException("Expected %s of 0 to 1, got %s".formatted(name, value));
        }
    }

    /**
     * Decides on scores of the same queries.
     *
     * @param standing what was before
     */
    public PromotionDecision decide(Contestant challenger, Optional<Contestant> champion, Standing standing) {
        if (!challenger.faults().isEmpty()) {
            return new Rejected("Unfit: " + String.join("; ", challenger.faults()) + ".", List.of());
        }
        if (challenger.mean(RETRIEVER_GATE) <= 0) {
            return new Rejected("It finds nothing: retriever MRR@10 is 0 on every query.", List.of());
        }
        return champion.map(holder -> decide(challenger, holder, standing)).orElseGet(() -> first(challenger));
    }

    private static PromotionDecision first(Contestant challenger) {
        String fused =
                challenger.rerankerTrained() ? " and fused MRR@10 " + Reasons.value(challenger.mean(FUSED_GATE)) : "";
        return new Promoted(
                "First champion: retriever MRR@10 %s%s, and nothing to compare it with."
                        .formatted(Reasons.value(challenger.mean(RETRIEVER_GATE)), fused),
                List.of());
    }

    private PromotionDecision decide(Contestant challenger, Contestant champion, Standing standing) {
        requireSameQueries(challenger, champion);
        double level = SIDES * standing.tests().level(alpha);
        List<Comparison> gates = compare(challenger, champion, level);
        Guardrails guardrails = new Guardrails(this, challenger, champion, standing);
        List<Comparison> all = new ArrayList<>(gates);
        all.addAll(guardrails.comparisons());
        return guardrails
                .objection(gates)
                .<PromotionDecision>map(reason -> new Rejected(reason, all))
                .orElseGet(() -> weigh(gates, all, level, standing.tests().sincePromotion()));
    }

    private static void requireSameQueries(Contestant challenger, Contestant champion) {
        if (!challenger
                .scores()
                .byQuery()
                .keySet()
                .equals(champion.scores().byQuery().keySet())) {
            throw new IllegalArgumentException("%s and champion %s were scored on different queries"
                    .formatted(challenger.checkpointId(), champion.checkpointId()));
        }
    }

    private List<Comparison> compare(Contestant challenger, Contestant champion, double level) {
        List<Comparison> all = new ArrayList<>();
        all.add(compare(RETRIEVER_GATE, challenger, champion, level));
        if (challenger.rerankerTrained() || champion.rerankerTrained()) {
            all.add(compare(FUSED_GATE, challenger, champion, level));
        }
        double[] adjusted = Holm.adjust(all.stream()
                .filter(Comparison::differs)
                .mapToDouble(Comparison::pValue)
                .toArray());
        int tested = 0;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).differs()) {
                all.set(i, all.get(i).withAdjusted(adjusted[tested++]));
            }
        }
        return all;
    }

    Comparison compare(Measured measured, Contestant challenger, Contestant champion, double level) {
        return Comparison.of(
                measured, challenger.values(measured), champion.values(measured), level, randomization, bootstrap);
    }

    private PromotionDecision weigh(List<Comparison> gates, List<Comparison> all, double level, int test) {
        if (gates.stream().noneMatch(Comparison::differs)) {
            return new Rejected("The same as the champion on every query: %s.".formatted(Reasons.of(gates)), all);
        }
        String numbers = Reasons.of(gates, level, test);
        List<Comparison> better = gates.stream()
                .filter(gate -> gate.differs() && gate.adjustedPValue() <= level && gate.delta() > 0)
                .toList();
        if (better.isEmpty()) {
            return new Rejected("Not provably better: %s.".formatted(numbers), all);
        }
        if (better.stream().noneMatch(gate -> gate.delta() >= minimumEffect)) {
            return new Rejected(
                    "Better by less than the minimum effect of %s: %s."
                            .formatted(Reasons.value(minimumEffect), numbers),
                    all);
        }
        return new Promoted("Better: %s.".formatted(numbers), all);
    }
}
