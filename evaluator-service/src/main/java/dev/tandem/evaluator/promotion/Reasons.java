package dev.tandem.evaluator.promotion;

import dev.tandem.evaluator.metric.Metric;
import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.evaluator.metric.Scorecard.Measured;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Decisions in words: {@code retriever MRR@10 .531 against .487 (+.044, p = .003)}. */
final class Reasons {
    private Reasons() {}

    static String of(Comparison comparison) {
        return comparison.differs()
                ? "%s %s against %s (%s, p %s)"
                        .formatted(
                                name(comparison.measured()),
                                value(comparison.challenger()),
                                value(comparison.champion()),
                                signed(comparison.delta()),
                                p(comparison.adjustedPValue()))
                : "%s %s, the same on every query"
                        .formatted(name(comparison.measured()), value(comparison.challenger()));
    }

    static String of(List<Comparison> comparisons) {
        return comparisons.stream().map(Reasons::of).collect(Collectors.joining("; "));
    }

    static String interval(Comparison comparison) {
        return "%s %s against %s (%s, 95 %% interval %s to %s)"
                .formatted(
                        name(comparison.measured()),
                        value(comparison.challenger()),
                        value(comparison.champion()),
                        signed(comparison.delta()),
                        signed(comparison.interval().low()),
                        signed(comparison.interval().high()));
    }

    static String name(Measured measured) {
        Metric metric = measured.metric();
        String measure =
                switch (metric.measure()) {
                    case MRR, P, MAP -> metric.measure().name();
                    case NDCG -> "nDCG";
                    case RECALL, SUCCESS -> metric.measure().name().toLowerCase(Locale.ROOT);
                };
        String ranking = measured.ranking() == RankingKind.RERANKER
                ? "re-ranker"
                : measured.ranking().spec();
        return ranking + " " + measure + (metric.measure() == Metric.Measure.MAP ? "" : "@" + metric.cutoff());
    }

    /** Three digits without a leading zero: .487. */
    static String value(double value) {
        String digits = String.format(Locale.ROOT, "%.3f", Math.abs(value));
        String sign = value < 0 && !"0.000".equals(digits) ? "−" : "";
        return sign + (digits.startsWith("0") ? digits.substring(1) : digits);
    }

    static String signed(double value) {
        String plain = value(value);
        return plain.startsWith("−") ? plain : "+" + plain;
    }

    static String p(double p) {
        return p < 0.001 ? "< .001" : "= " + value(p);
    }
}
