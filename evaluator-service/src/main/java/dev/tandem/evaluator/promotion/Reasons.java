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

    private static final double P_SHOWN = 0.001;

    static String of(Comparison comparison) {
        return of(comparison, P_SHOWN);
    }

    private static String of(Comparison comparison, double smallest) {
        return comparison.differs()
                ? "%s %s against %s (%s, p %s)"
                        .formatted(
                                name(comparison.measured()),
                                value(comparison.challenger()),
                                value(comparison.champion()),
                                signed(comparison.delta()),
                                p(comparison.adjustedPValue(), smallest))
                : "%s %s, the same on every query"
                        .formatted(name(comparison.measured()), value(comparison.challenger()));
    }

    static String of(List<Comparison> comparisons) {
        return comparisons.stream().map(Reasons::of).collect(Collectors.joining("; "));
    }

    /** The same with what p had to be; of a smaller level p is told with more digits. */
    static String of(List<Comparison> comparisons, double level, int test) {
        String numbers = comparisons.stream().map(gate -> of(gate, level)).collect(Collectors.joining("; "));
        return "%s; p had to be at most %s in test %,d since the last promotion".formatted(numbers, small(level), test);
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

    /** In three digits where p and the smallest that matters can be told apart by them. */
    private static String p(double p, double smallest) {
        if (p >= P_SHOWN || smallest >= P_SHOWN) {
            return p < P_SHOWN ? "< .001" : "= " + value(p);
        }
        return "= " + small(p);
    }

    /** At least three digits, and two that are not zero: .050, .0076, .00012. */
    static String small(double value) {
        int digits = Math.max(3, 1 - (int) Math.floor(Math.log10(value)));
        String plain = String.format(Locale.ROOT, "%." + digits + "f", value);
        return plain.startsWith("0") ? plain.substring(1) : plain;
    }
}
