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

    private record Row(long number, String query, Passage passage, boolean positive, int characters) {}

    /** Consecutive rows of one query; of more than a list may hold only the number is kept. */
    private static final class Rows {
        private final List<Row> kept = new ArrayList<>();
        private long count;
        private long characters;

        private boolean mayTake(Row row) {
            return kept.isEmpty() || kept.get(0).query().equals(row.query());
        }

        private void add(Row row) {
            count++;
            characters += row.characters();
            if (count <= CandidateListLine.MOST_CANDIDATES && characters <= CandidateListLine.MOST_BYTES) {
                kept.add(row);
            }
        }

        private CandidateList list() {
            if (kept.size() < count) {
                throw new IllegalArgumentException(
                        "expected at most %d rows of one query, of %d characters together, got %d rows of %d"
                                .formatted(
                                        CandidateListLine.MOST_CANDIDATES,
                                        CandidateListLine.MOST_BYTES,
                                        count,
                                        characters));
            }
            return LabelledPassages.list(
                    LabelledPassages.query(kept.get(0).query()),
                    passages(true),
                    passages(false),
                    Layout.ROCKETQA.label());
        }

        private List<Passage> passages(boolean positive) {
            return kept.stream()
                    .filter(row -> row.positive() == positive)
                    .map(Row::passage)
                    .toList();
        }
    }

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
        for (Rows rows = rowsOfOneQuery(); rows.count > 0; rows = rowsOfOneQuery()) {
            long first = rows.kept.get(0).number();
            try {
                return Optional.of(new Numbered(first - 1, rows.list()));
            } catch (IllegalArgumentException e) {
                lines.refuse(first, rows.count, e.getMessage());
            }
        }
        return Optional.empty();
    }

    private Rows rowsOfOneQuery() throws IOException {
        Rows rows = new Rows();
        if (ahead == null) {
            ahead = row();
        }
        while (ahead != null && rows.mayTake(ahead)) {
            rows.add(ahead);
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
        Passage passage = LabelledPassages.passage(title, columns[2]);
        return new Row(lines.number(), columns[0], passage, columns[3].equals("1"), line.length());
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
