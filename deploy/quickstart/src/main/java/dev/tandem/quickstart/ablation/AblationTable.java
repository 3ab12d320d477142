package dev.tandem.quickstart.ablation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.evaluator.metric.Interval;
import dev.tandem.evaluator.promotion.RandomizationTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What a study found: each variant's means, and its difference from one of them on the same queries. A query's value is
 * the mean over the seeds; intervals are bootstraps over the queries, p-values paired randomization tests over them.
 */
final class AblationTable {
    private static final RandomizationTest RANDOMIZATION = new RandomizationTest(100_000, 1);

    private final StudySettings settings;
    private final ResultsFile results;
    private final AblationOptions options;

    AblationTable(StudySettings settings, ResultsFile results, AblationOptions options) {
        this.settings = settings;
        this.results = results;
        this.options = options;
    }

    /** Both tables in Markdown. */
    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add(row(Stream.concat(
                Stream.of("variant"),
                Stream.concat(measures(Measure::label), Stream.of("steps", "seeds", "seconds a seed")))));
        lines.add("|---".repeat(Measure.values().length + 4) + "|");
        options.variants().forEach(variant -> lines.add(row(variant)));
        if (!results(options.baseline()).isEmpty()) {
            lines.add("");
            lines.add(
                    row(Stream.concat(Stream.of("less `%s`".formatted(options.baseline())), measures(Measure::label))));
            lines.add("|---".repeat(Measure.values().length + 1) + "|");
            options.variants().stream()
                    .filter(variant -> !isBaseline(variant))
                    .forEach(variant -> lines.add(row(Stream.concat(
                            Stream.of("`%s`".formatted(variant)), measures(measure -> difference(variant, measure))))));
        }
        return String.join("\n", lines) + "\n";
    }

    private boolean isBaseline(Variant variant) {
        return Ablation.trainedAs(settings, variant) == Ablation.trainedAs(settings, options.baseline());
    }

    private String row(Variant variant) {
        List<Result> found = results(variant);
        Variant trainedAs = Ablation.trainedAs(settings, variant);
        String name = "`%s`: %s%s"
                .formatted(
                        variant,
                        variant.description(),
                        trainedAs == variant ? "" : " (the same as `" + trainedAs + "`)");
        double seconds = found.stream().mapToDouble(Result::seconds).average().orElse(0);
        return row(Stream.concat(
                Stream.of(name),
                Stream.concat(
                        measures(measure -> summary(found, measure)
                                .map(AblationTable::described)
                                .orElse("–")),
                        Stream.of(
                                Long.toString(found.stream()
                                        .mapToLong(Result::steps)
                                        .max()
                                        .orElse(0)),
                                Integer.toString(found.size()),
                                Long.toString(Math.round(seconds))))));
    }

    private static Stream<String> measures(Function<Measure, String> cell) {
        return Arrays.stream(Measure.values()).map(cell);
    }

    private static String row(Stream<String> cells) {
        return cells.collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String described(Summary summary) {
        Interval interval = summary.interval();
        return String.format(
                Locale.ROOT,
                "%.3f [%.3f, %.3f]%s",
                summary.mean(),
                interval.low(),
                interval.high(),
                summary.perSeed().length < 2 ? "" : String.format(Locale.ROOT, " ± %.3f", summary.deviation()));
    }

    private String difference(Variant variant, Measure measure) {
        return difference(results(variant), measure)
                .map(summary -> String.format(
                        Locale.ROOT,
                        "%+.3f [%+.3f, %+.3f], p = %.3f",
                        summary.mean(),
                        summary.interval().low(),
                        summary.interval().high(),
                        RANDOMIZATION.pValue(summary.perQuery())))
                .orElse("–");
    }

    /** From the baseline, over the seeds that both have. */
    private Optional<Summary> difference(List<Result> found, Measure measure) {
        List<double[]> differences = new ArrayList<>();
        Variant baseline = Ablation.trainedAs(settings, options.baseline());
        for (Result result : found) {
            results.find(baseline, result.seed()).ifPresent(other -> {
                double[] theirs = other.values().get(measure);
                double[] ours = result.values().get(measure).clone();
                Arrays.setAll(ours, i -> ours[i] - theirs[i]);
                differences.add(ours);
            });
        }
        return differences.isEmpty() ? Optional.empty() : Optional.of(Summary.of(differences));
    }

    private static Optional<Summary> summary(List<Result> found, Measure measure) {
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(Summary.of(found.stream()
                        .map(result -> result.values().get(measure))
                        .toList()));
    }

    private List<Result> results(Variant variant) {
        Variant trainedAs = Ablation.trainedAs(settings, variant);
        return LongStream.rangeClosed(1, options.seeds())
                .mapToObj(seed -> results.find(trainedAs, seed))
                .flatMap(Optional::stream)
                .toList();
    }

    /** The same as one JSON line. */
    String json() {
        ObjectNode json = new JsonMapper().createObjectNode();
        for (Variant variant : options.variants()) {
            List<Result> found = results(variant);
            ObjectNode row = json.putObject(variant.label()).put("seeds", found.size());
            for (Measure measure : Measure.values()) {
                summary(found, measure).ifPresent(summary -> put(row.putObject(measure.label()), summary));
                difference(found, measure)
                        .filter(summary -> !isBaseline(variant))
                        .ifPresent(
                                summary -> put(row.putObject(measure.label() + " less " + options.baseline()), summary)
                                        .put("p", RANDOMIZATION.pValue(summary.perQuery())));
            }
        }
        return json.toString();
    }

    private static ObjectNode put(ObjectNode into, Summary summary) {
        Interval interval = summary.interval();
        return into.put("mean", summary.mean())
                .put("low", interval.low())
                .put("high", interval.high())
                .put("deviation", summary.deviation());
    }
}
