package dev.tandem.evaluator.promotion;

import static dev.tandem.evaluator.promotion.PromotionRule.FUSED_GATE;
import static dev.tandem.evaluator.promotion.PromotionRule.RECALL_GUARD;
import static dev.tandem.evaluator.promotion.PromotionRule.RERANKER_GUARD;
import static dev.tandem.evaluator.promotion.PromotionRule.RETRIEVER_GATE;

import dev.tandem.evaluator.metric.Scorecard.Measured;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a challenger must not lose, whatever it gains: one decision's look at it. */
final class Guardrails {
    /** Fewer queries tell nothing. */
    private static final int FEWEST_QUERIES = 30;

    private final PromotionRule rule;
    private final Contestant challenger;
    private final Contestant champion;
    private final Standing standing;
    private final List<Comparison> slices;
    private final Optional<Comparison> anchor;

    Guardrails(PromotionRule rule, Contestant challenger, Contestant champion, Standing standing) {
        this.rule = rule;
        this.challenger = challenger;
        this.champion = champion;
        this.standing = standing;
        this.slices = slices();
        this.anchor = on(Standing.ANCHOR, standing.anchor());
    }

    /** The guarded slices, the anchor last. */
    List<Comparison> comparisons() {
        List<Comparison> all = new ArrayList<>(slices);
        anchor.ifPresent(all::add);
        return all;
    }

    /** Why it cannot be promoted, in words; empty where nothing is in its way. */
    Optional<String> objection(List<Comparison> gates) {
        return significantlyWorse(gates)
                .or(() -> loss(gates))
                .or(this::forgotten)
                .or(() -> slices.stream()
                        .filter(this::isWorse)
                        .findFirst()
                        .map(slice -> "Significantly worse on slice %s, %,d queries: %s."
                                .formatted(slice.slice(), slice.queries(), Reasons.of(slice))));
    }

    private boolean isWorse(Comparison comparison) {
        return comparison.differs() && comparison.adjustedPValue() <= rule.alpha() && comparison.delta() < 0;
    }

    private Optional<String> significantlyWorse(List<Comparison> gates) {
        return gates.stream()
                .filter(this::isWorse)
                .findFirst()
                .map(worse -> "Significantly worse: %s.".formatted(Reasons.of(worse)));
    }

    private Optional<String> loss(List<Comparison> gates) {
        List<Comparison> guarded = new ArrayList<>(gates);
        guarded.add(rule.compare(RECALL_GUARD, challenger, champion, 1));
        if (isRerankerInvolved()) {
            guarded.add(rule.compare(RERANKER_GUARD, challenger, champion, 1));
        }
        return guarded.stream()
                .filter(guard -> guard.interval().low() < -rule.margin())
                .findFirst()
                .map(guard -> "A loss of more than %s cannot be excluded: %s."
                        .formatted(Reasons.value(rule.margin()), Reasons.interval(guard)));
    }

    /** Steps too small to be noticed one by one add up. */
    private Optional<String> forgotten() {
        return anchor.filter(now -> standing.behindBest() - now.delta() > rule.margin())
                .map(now -> "On the %,d anchor queries %s %s lies %s behind the best champion so far, more than %s."
                        .formatted(
                                now.queries(),
                                Reasons.name(now.measured()),
                                Reasons.value(now.challenger()),
                                Reasons.value(standing.behindBest() - now.delta()),
                                Reasons.value(rule.margin())));
    }

    private List<Comparison> slices() {
        List<Comparison> all = new ArrayList<>();
        new TreeMap<>(standing.slices())
                .forEach((name, queries) -> on(name, queries)
                        .filter(each -> each.queries() < champion.scores().queries())
                        .ifPresent(all::add));
        double[] adjusted =
                Holm.adjust(all.stream().mapToDouble(Comparison::pValue).toArray());
        for (int i = 0; i < adjusted.length; i++) {
            all.set(i, all.get(i).withAdjusted(adjusted[i]));
        }
        return all;
    }

    /** What is served, on a part of the queries; empty where it is too small. */
    private Optional<Comparison> on(String name, Set<String> queries) {
        Set<String> known = new HashSet<>(queries);
        known.retainAll(champion.scores().byQuery().keySet());
        if (known.size() < FEWEST_QUERIES) {
            return Optional.empty();
        }
        Measured served = isRerankerInvolved() ? FUSED_GATE : RETRIEVER_GATE;
        return Optional.of(rule.compare(served, challenger.only(known), champion.only(known), 1)
                .on(name));
    }

    private boolean isRerankerInvolved() {
        return challenger.rerankerTrained() || champion.rerankerTrained();
    }
}
