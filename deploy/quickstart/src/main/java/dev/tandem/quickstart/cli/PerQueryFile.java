package dev.tandem.quickstart.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.evaluator.metric.Metric;
import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.evaluator.metric.Scorecard;
import dev.tandem.evaluator.metric.Scorecard.Measured;
import dev.tandem.retrieval.line.CompressedFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Each query's values, a line for a query and a column for a metric of a ranking. */
final class PerQueryFile {
    /** A column: a ranking's metric, with where its values are. */
    private record Column(String title, Scorecard card, Measured measured) {}

    private PerQueryFile() {}

    static void write(Path file, Evaluated evaluated, Optional<BaselineComparison> comparison, List<Metric> metrics)
            throws IOException {
        List<Column> columns = columns(evaluated, comparison, metrics);
        try (BufferedWriter out = new BufferedWriter(new OutputStreamWriter(CompressedFile.create(file), UTF_8))) {
            out.append("query");
            for (Column column : columns) {
                out.append('\t').append(column.title());
            }
            out.append('\n');
            for (String query : evaluated.card().byQuery().keySet()) {
                out.append(query);
                for (Column column : columns) {
                    double value = column.card().byQuery().get(query).get(column.measured());
                    out.append('\t').append(Double.toString(value));
                }
                out.append('\n');
            }
        }
    }

    private static List<Column> columns(
            Evaluated evaluated, Optional<BaselineComparison> comparison, List<Metric> metrics) {
        List<Column> columns = new ArrayList<>();
        for (RankingKind kind : evaluated.kinds()) {
            for (Metric metric : metrics) {
                columns.add(
                        new Column(kind.spec() + " " + metric.spec(), evaluated.card(), new Measured(kind, metric)));
            }
        }
        comparison.ifPresent(baseline -> metrics.forEach(metric -> columns.add(
                new Column("baseline " + metric.spec(), baseline.card(), new Measured(RankingKind.RUN, metric)))));
        return columns;
    }
}
