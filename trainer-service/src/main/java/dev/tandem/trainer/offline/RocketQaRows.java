package dev.tandem.trainer.offline;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.line.CandidateListLine;
import dev.tandem.retrieval.line.JsonLine;
import dev.tandem.retrieval.line.TextLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file as RocketQA's re-rankers are trained on: rows of query, title, passage and label, tab-separated; consecutive rows of
 * one query are a list. A title of {@code -} is none.
 */
final class RocketQaRows implements ListReader {
    private static final String HEADER = "query\ttitle\tpara\tlabel";

    private record Row(long number, String query, Passage passage, boolean positive) {}

    private final TextLines lines;
    private Row ahead; // first row of the next list

    RocketQaRows(TextLines lines) {
        this.lines = lines;
    }

    /** Whether a line is a row, or the names of its columns. */
    static boolean isRow(String line) {
        String[] columns = line.strip().split("\t", -1);
        return columns.length == 4 && (line.strip().equals(HEADER) || isLabel(columns[3]));
    }

    private static boolean isLabel(String column) {
        return column.equals("0") || column.equals("1");
    }

    @Override
    public Optional<Numbered> next() throws IOException {
        for (List<Row> rows = rowsOfOneQuery(); !rows.isEmpty(); rows = rowsOfOneQuery()) {
            try {
                return Optional.of(new Numbered(rows.get(0).number() - 1, list(rows)));
            } catch (IllegalArgumentException e) {
                lines.refuse(rows.get(0).number(), e.getMessage());
            }
        }
        return Optional.empty();
    }

    private List<Row> rowsOfOneQuery() throws IOException {
        List<Row> rows = new ArrayList<>();
        if (ahead == null) {
            ahead = row();
        }
        while (ahead != null && (rows.isEmpty() || rows.get(0).query().equals(ahead.query()))) {
            if (rows.size() <= CandidateListLine.MOST_CANDIDATES) { // one too many tells a longer list
                rows.add(ahead);
            }
            ahead = row();
        }
        return rows;
    }

    /** The next row; null at the end of the file. */
    private Row row() throws IOException {
        while (lines.next()) {
            try {
                String line = lines.text().stripTrailing();
                boolean header = lines.number() == 1 && line.equals(HEADER);
                if (!line.isBlank() && !header) {
                    return row(line);
                }
            } catch (IllegalArgumentException e) {
                lines.refuse(e.getMessage());
            }
        }
        return null;
    }

    private Row row(String line) {
        String[] columns = line.split("\t", -1);
        if (columns.length != 4 || !isLabel(columns[3])) {
            throw new IllegalArgumentException("expected query, title, passage and label (0 or 1), tab-separated, got "
                    + JsonLine.shortened(line));
        }
        if (columns[0].isBlank() || columns[0].length() > CandidateListLine.MOST_QUERY_CHARACTERS) {
            throw new IllegalArgumentException("expected a query of 1 to %d characters, got %s"
                    .formatted(CandidateListLine.MOST_QUERY_CHARACTERS, JsonLine.shortened(columns[0])));
        }
        String title = columns[1].equals("-") ? "" : columns[1];
        return new Row(lines.number(), columns[0], LabelledPassages.passage(title, columns[2]), columns[3].equals("1"));
    }

    private static CandidateList list(List<Row> rows) {
        if (rows.size() > CandidateListLine.MOST_CANDIDATES) {
            throw new IllegalArgumentException(
                    "expected at most %d rows of one query, got more".formatted(CandidateListLine.MOST_CANDIDATES));
        }
        return LabelledPassages.list(
                LabelledPassages.query(rows.get(0).query()),
                passages(rows, true),
                passages(rows, false),
                Layout.ROCKETQA.label());
    }

    private static List<Passage> passages(List<Row> rows, boolean positive) {
        return rows.stream()
                .filter(row -> row.positive() == positive)
                .map(Row::passage)
                .toList();
    }

    @Override
    public long position() {
        return ahead == null ? lines.number() : ahead.number() - 1;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
