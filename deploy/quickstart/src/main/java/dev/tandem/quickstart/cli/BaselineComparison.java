package dev.tandem.quickstart.cli;

import dev.tandem.evaluator.metric.Bootstrap;
import dev.tandem.evaluator.metric.Metric;
import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.evaluator.metric.Scorecard;
import dev.tandem.evaluator.metric.Scorecard.Measured;
import dev.tandem.evaluator.promotion.Comparison;
import dev.tandem.evaluator.promotion.Holm;
import dev.tandem.evaluator.promotion.RandomizationTest;
import dev.tandem.retrieval.Run;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What was measured against another run on the same queries, metric by metric.
 *
 * @param comparisons in the order of the metrics; their p-values adjusted for the number of metrics
 */
record BaselineComparison(Path file, Scorecard card, List<Comparison> comparisons) {
    static final Bootstrap INTERVALS = new Bootstrap(2_000, 0.95, 1);
    private static final RandomizationTest TEST = new RandomizationTest(100_000, 1);

    static BaselineComparison of(Evaluated evaluated, Path file, Run baseline, List<Metric> metrics) {
        Scorecard card = Scorecard.of(Map.of(RankingKind.RUN, baseline), evaluated.qrels(), metrics);
        List<Comparison> raw = metrics.stream()
                .map(metric -> Comparison.of(
                        new Measured(evaluated.kind(), metric),
                        evaluated.values(evaluated.kind(), metric),
                        card.values(new Measured(RankingKind.RUN, metric)),
                        TEST,
                        INTERVALS))
                .toList();
        double[] adjusted =
                Holm.adjust(raw.stream().mapToDouble(Comparison::pValue).toArray());
        return new BaselineComparison(
                file,
                card,
                IntStream.range(0, raw.size())
                        .mapToObj(i -> raw.get(i).withAdjusted(adjusted[i]))
                        .toList());
    }
}
