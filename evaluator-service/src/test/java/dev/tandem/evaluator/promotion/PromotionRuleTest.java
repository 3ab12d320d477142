package dev.tandem.evaluator.promotion;

import static dev.tandem.evaluator.promotion.PromotionRule.FUSED_GATE;
import static dev.tandem.evaluator.promotion.PromotionRule.RECALL_GUARD;
import static dev.tandem.evaluator.promotion.PromotionRule.RERANKER_GUARD;
import static dev.tandem.evaluator.promotion.PromotionRule.RETRIEVER_GATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.evaluator.metric.Bootstrap;
import dev.tandem.evaluator.metric.Scorecard;
import dev.tandem.evaluator.metric.Scorecard.Measured;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PromotionRuleTest {
    private static final int QUERIES = 200;
    private static final PromotionRule RULE =
            new PromotionRule(0.05, 0.005, 0.05, new RandomizationTest(10_000, 1), new Bootstrap(2_000, 0.95, 1));

    private final double[] half = constant(0.5);

    @Test
    void promotesTheFirstThatFindsAnything() {
        PromotionDecision decision = decide(untrained("c1", half, half), Optional.empty());

        assertEquals(
                "First champion: retriever MRR@10 .500, and nothing to compare it with.",
                assertInstanceOf(Promoted.class, decision).reason());
    }

    @Test
    void rejectsAFirstThatFindsNothing() {
        assertInstanceOf(Rejected.class, decide(untrained("c1", constant(0), constant(0)), Optional.empty()));
    }

    @Test
    void rejectsAnUnfitChallengerWhateverItsScores() {
        Contestant collapsed = new Contestant(
                "c1", false, card(half, null, null, half), List.of("all passages have the same embedding"));

        PromotionDecision decision = decide(collapsed, Optional.empty());

        assertEquals("Unfit: all passages have the same embedding.", decision.reason());
    }

    @Test
    void promotesAProvablyBetterRetriever() {
        double[] better = raised(half, 60, 0.5);

        PromotionDecision decision = decide(untrained("c2", better, half), Optional.of(untrained("c1", half, half)));

        assertEquals(
                "Better: retriever MRR@10 .650 against .500 (+.150, p < .001); p had to be at most .044 in test 1 since the"
                        + " last promotion.",
                assertInstanceOf(Promoted.class, decision).reason());
        assertEquals(60, decision.comparisons().get(0).wins());
    }

    @Test
    void rejectsTheChampionsTwin() {
        PromotionDecision decision =
                decide(trained("c2", half, half, half), Optional.of(trained("c1", half, half, half)));

        assertEquals(
                "The same as the champion on every query: retriever MRR@10 .500, the same on every query; fused MRR@10"
                        + " .500, the same on every query.",
                assertInstanceOf(Rejected.class, decision).reason());
    }

    @Test
    void rejectsAChallengerThatGainsRecallButLosesMrr() {
        double[] worse = raised(half, 40, -0.5);

        PromotionDecision decision =
                decide(untrained("c2", worse, constant(1)), Optional.of(untrained("c1", half, half)));

        assertTrue(decision.reason().startsWith("Significantly worse: retriever MRR@10 .400 against .500 (−.100"));
        assertInstanceOf(Rejected.class, decision);
    }

    @Test
    void rejectsABetterRetrieverWhoseRecallMayHaveFallen() {
        double[] better = raised(half, 60, 0.5);
        double[] lessRecall = raised(half, 30, -0.5);

        PromotionDecision decision =
                decide(untrained("c2", better, lessRecall), Optional.of(untrained("c1", half, half)));

        assertTrue(
                decision.reason()
                        .startsWith(
                                "A loss of more than .050 cannot be excluded: retriever recall@50 .425 against .500"),
                decision.reason());
    }

    @Test
    void rejectsAChanceResult() {
        double[] other = noisy(half, 3);

        PromotionDecision decision = decide(untrained("c2", other, half), Optional.of(untrained("c1", half, half)));

        assertTrue(decision.reason().startsWith("Not provably better: "), decision.reason());
    }

    @Test
    void rejectsAGainTooSmallToMatter() {
        double[] slightly = Arrays.stream(half).map(v -> v + 0.001).toArray();

        PromotionDecision decision = decide(untrained("c2", slightly, half), Optional.of(untrained("c1", half, half)));

        assertTrue(decision.reason().startsWith("Better by less than the minimum effect of .005"), decision.reason());
    }

    @Test
    void letsTheFirstTrainedRerankerBeatItsRetriever() {
        double[] reranked = raised(half, 30, 0.5);

        PromotionDecision decision =
                decide(trained("c2", half, reranked, half), Optional.of(untrained("c1", half, half)));

        assertEquals(
                "Better: retriever MRR@10 .500, the same on every query; fused MRR@10 .575 against .500 (+.075, p"
                        + " < .001); p had to be at most .044 in test 1 since the last promotion.",
                assertInstanceOf(Promoted.class, decision).reason());
    }

    @Test
    void rejectsATrainedRerankerThatIsWorseThanTheRetrieversOrder() {
        double[] atChance = raised(half, 100, -0.4);

        PromotionDecision decision =
                decide(trained("c2", half, atChance, half), Optional.of(untrained("c1", half, half)));

        assertTrue(decision.reason().startsWith("Significantly worse: fused MRR@10"), decision.reason());
    }

    @Test
    void rejectsABetterFusedOrderWhoseRerankerMayHaveFallen() {
        double[] fused = raised(half, 60, 0.5);
        double[] reranked = raised(half, 30, -0.5);

        PromotionDecision decision =
                decide(trained("c2", half, fused, reranked, half), Optional.of(trained("c1", half, half, half)));

        assertTrue(
                decision.reason()
                        .startsWith("A loss of more than .050 cannot be excluded: re-ranker MRR@10 .425 against .500"),
                decision.reason());
    }

    @Test
    void countsOnlyMetricsThatDifferInHolm() {
        double[] reranked = noisy(half, 5);

        PromotionDecision alone =
                decide(trained("c2", half, reranked, half), Optional.of(trained("c1", half, half, half)));
        PromotionDecision both =
                decide(trained("c2", noisy(half, 6), reranked, half), Optional.of(trained("c1", half, half, half)));

        Comparison tested = alone.comparisons().get(1);
        assertEquals(tested.pValue(), tested.adjustedPValue());
        assertTrue(both.comparisons().get(1).adjustedPValue() > tested.adjustedPValue());
    }

    @Test
    void refusesScoresOfDifferentQueries() {
        Contestant champion = untrained("c1", half, half);
        Scorecard fewer = champion.scores().only(List.of("q001", "q002"));

        assertThrows(
                IllegalArgumentException.class,
                () -> decide(new Contestant("c2", false, fewer, List.of()), Optional.of(champion)));
    }

    @Test
    void asksForMoreTheMoreTestsItLiesBehindAPromotion() {
        Contestant better = untrained("c2", raised(half, 10, 0.5), half);
        Optional<Contestant> champion = Optional.of(untrained("c1", half, half));

        PromotionDecision soon = RULE.decide(better, champion, Standing.START);
        PromotionDecision late =
                RULE.decide(better, champion, new Standing(new TestSequence(9, List.of(0)), Map.of(), Set.of(), 0));

        assertInstanceOf(Promoted.class, soon);
        assertEquals(
                "Not provably better: retriever MRR@10 .525 against .500 (+.025, p = .002); p had to be at most .0011 in test"
                        + " 10 since the last promotion.",
                assertInstanceOf(Rejected.class, late).reason());
    }

    @Test
    void rejectsAChallengerThatIsWorseOnASliceOfTheQueries() {
        double[] mixed = raised(half, 100, 0.5);
        for (int i = 150; i < QUERIES; i++) {
            mixed[i] = i % 2 == 0 ? 0.1 : 0.5;
        }
        Standing standing = new Standing(
                TestSequence.START, Map.of("judged", queries(0, 150), "clicks", queries(150, QUERIES)), Set.of(), 0);

        PromotionDecision decision =
                RULE.decide(untrained("c2", mixed, half), Optional.of(untrained("c1", half, half)), standing);

        assertTrue(
                decision.reason()
                        .startsWith(
                                "Significantly worse on slice clicks, 50 queries: retriever MRR@10 .300 against .500 (−.200"),
                decision.reason());
        assertEquals(
                List.of("all", "clicks", "judged"),
                decision.comparisons().stream().map(Comparison::slice).toList());
    }

    @Test
    void rejectsALossOnTheAnchorThatAddsUpToMoreThanTheMargin() {
        double[] mixed = raised(half, 100, 0.5);
        mixed[199] = 0.1;
        Contestant challenger = untrained("c2", mixed, half);
        Optional<Contestant> champion = Optional.of(untrained("c1", half, half));
        Set<String> anchor = queries(160, QUERIES);

        PromotionDecision within =
                RULE.decide(challenger, champion, new Standing(TestSequence.START, Map.of(), anchor, 0.039));
        PromotionDecision beyond =
                RULE.decide(challenger, champion, new Standing(TestSequence.START, Map.of(), anchor, 0.041));

        assertInstanceOf(Promoted.class, within);
        assertEquals(
                "On the 40 anchor queries retriever MRR@10 .490 lies .051 behind the best champion so far, more than .050.",
                assertInstanceOf(Rejected.class, beyond).reason());
    }

    private static Set<String> queries(int from, int to) {
        return IntStream.range(from, to).mapToObj("q%03d"::formatted).collect(Collectors.toSet());
    }

    private static PromotionDecision decide(Contestant challenger, Optional<Contestant> champion) {
        return RULE.decide(challenger, champion, Standing.START);
    }

    private static Contestant untrained(String id, double[] retriever, double[] recall) {
        return new Contestant(id, false, card(retriever, null, null, recall), List.of());
    }

    private static Contestant trained(String id, double[] retriever, double[] fused, double[] recall) {
        return trained(id, retriever, fused, fused, recall);
    }

    private static Contestant trained(
            String id, double[] retriever, double[] fused, double[] reranker, double[] recall) {
        return new Contestant(id, true, card(retriever, fused, reranker, recall), List.of());
    }

    private static Scorecard card(double[] retriever, double[] fused, double[] reranker, double[] recall) {
        TreeMap<String, Map<Measured, Double>> byQuery = new TreeMap<>();
        for (int i = 0; i < retriever.length; i++) {
            Map<Measured, Double> values = new HashMap<>();
            values.put(RETRIEVER_GATE, retriever[i]);
            values.put(RECALL_GUARD, recall[i]);
            if (reranker != null) {
                values.put(FUSED_GATE, fused[i]);
                values.put(RERANKER_GUARD, reranker[i]);
            }
            byQuery.put("q%03d".formatted(i), values);
        }
        return new Scorecard(byQuery);
    }

    private static double[] constant(double value) {
        double[] values = new double[QUERIES];
        Arrays.fill(values, value);
        return values;
    }

    private static double[] raised(double[] values, int count, double by) {
        double[] raised = values.clone();
        for (int i = 0; i < count; i++) {
            raised[i] += by;
        }
        return raised;
    }

    /** The same on average: a third of the queries better or worse by chance. */
    private static double[] noisy(double[] values, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return Arrays.stream(values)
                .map(v -> random.nextInt(3) == 0 ? v + (random.nextBoolean() ? 0.25 : -0.25) : v)
                .toArray();
    }
}
