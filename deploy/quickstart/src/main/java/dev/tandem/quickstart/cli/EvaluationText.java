package dev.tandem.quickstart.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.evaluator.metric.Interval;
import dev.tandem.evaluator.metric.Metric;
import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.evaluator.promotion.Comparison;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An evaluation as a table to read, or as one line of JSON. */
final class EvaluationText {
    private static final int LABEL = 13;
    private static final int CELL = 22;

    private EvaluationText() {}

    static String table(Evaluated evaluated, Optional<BaselineComparison> comparison, List<Metric> metrics) {
        StringBuilder table = new StringBuilder();
        table.append("%,d judged queries, %,d answered; means with 95 %% intervals%n%n"
                .formatted(evaluated.qrels().grades().size(), evaluated.answered()));
        table.append(padded("", LABEL));
        evaluated.kinds().forEach(kind -> table.append(padded(kind.spec(), CELL)));
        for (Metric metric : metrics) {
            table.append("\n").append(padded(metric.spec(), LABEL));
            for (RankingKind kind : evaluated.kinds()) {
                Interval interval = BaselineComparison.INTERVALS.mean(evaluated.values(kind, metric));
                table.append(padded(number(evaluated.mean(kind, metric)) + " " + text(interval), CELL));
            }
        }
        comparison.ifPresent(baseline -> append(table, evaluated.kind(), baseline));
        return table.toString().replaceAll("(?m) +$", "");
    }

    private static void append(StringBuilder table, RankingKind kind, BaselineComparison baseline) {
        table.append("\n\n%s against %s; paired randomization test, p also corrected for %d metrics (Holm)%n%n"
                .formatted(kind.spec(), baseline.file(), baseline.comparisons().size()));
        table.append(padded("", LABEL));
        List.of("baseline", "difference", "p", "p (Holm)", "win/tie/loss")
                .forEach(title -> table.append(padded(title, width(title))));
        for (Comparison each : baseline.comparisons()) {
            table.append("\n").append(padded(each.measured().metric().spec(), LABEL));
            table.append(padded(number(each.champion()), width("baseline")));
            table.append(padded(signed(each.delta()) + " " + text(each.interval()), width("difference")));
            table.append(padded(p(each.pValue()), width("p")));
            table.append(padded(p(each.adjustedPValue()), width("p (Holm)")));
            table.append("%d/%d/%d".formatted(each.wins(), each.ties(), each.losses()));
        }
    }

    private static int width(String title) {
        return title.equals("difference") ? 26 : 10;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private static String text(Interval interval) {
        return "%s..%s".formatted(number(interval.low()), number(interval.high()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String signed(double value) {
        return String.format(Locale.ROOT, "%+.4f", value);
    }

    private static String p(double value) {
        return value < 1e-4 ? "<.0001" : number(value);
    }

    static String json(Evaluated evaluated, Optional<BaselineComparison> comparison, List<Metric> metrics) {
        ObjectNode line = new JsonMapper().createObjectNode();
        line.set("metrics", means(evaluated, evaluated.kind(), metrics));
        ObjectNode intervals = line.putObject("intervals");
        for (Metric metric : metrics) {
            Interval interval = BaselineComparison.INTERVALS.mean(evaluated.values(evaluated.kind(), metric));
            intervals.putArray(metric.spec()).add(interval.low()).add(interval.high());
        }
        line.put("ranking", evaluated.kind().spec())
                .put("queries", evaluated.qrels().grades().size())
                .put("answered", evaluated.answered())
                .put("refused", evaluated.refusals().count());
        ObjectNode rankings = line.putObject("rankings");
        evaluated.kinds().forEach(kind -> rankings.set(kind.spec(), means(evaluated, kind, metrics)));
        comparison.ifPresent(baseline -> put(line.putObject("comparison"), baseline));
        return line.toString();
    }

    private static ObjectNode means(Evaluated evaluated, RankingKind kind, List<Metric> metrics) {
        ObjectNode means = new JsonMapper().createObjectNode();
        metrics.forEach(metric -> means.put(metric.spec(), evaluated.mean(kind, metric)));
        return means;
    }

    private static void put(ObjectNode object, BaselineComparison baseline) {
        object.put("baseline", baseline.file().toString());
        ObjectNode metrics = object.putObject("metrics");
        for (Comparison each : baseline.comparisons()) {
            metrics.putObject(each.measured().metric().spec())
                    .put("baseline", each.champion())
                    .put("difference", each.delta())
                    .put("low", each.interval().low())
                    .put("high", each.interval().high())
                    .put("p", each.pValue())
                    .put("pHolm", each.adjustedPValue())
                    .put("wins", each.wins())
                    .put("ties", each.ties())
                    .put("losses", each.losses());
        }
    }
}
