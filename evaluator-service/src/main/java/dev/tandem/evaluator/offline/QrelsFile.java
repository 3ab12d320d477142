package dev.tandem.evaluator.offline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.retrieval.Qrels;
import dev.tandem.retrieval.line.CompressedFile;
import dev.tandem.retrieval.line.JsonLine;
import dev.tandem.retrieval.line.Refusals;
import dev.tandem.retrieval.line.TextLines;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judgements in a file, {@code .gz} and {@code .zst} compressed: TREC's lines (query, 0, passage, grade), or BEIR's with a
 * header (query-id, corpus-id, score).
 */
public final class QrelsFile {
    private static final String BEIR_HEADER = "query-id\tcorpus-id\tscore";
    private static final int BEIR_COLUMNS = 3;
    private static final int TREC_COLUMNS = 4;

    private final Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
    private int columns;

    private QrelsFile() {}

    /**
     * Reads judgements; the first line tells the form.
     *
     * @param refusals gets the lines that cannot be taken
     */
    public static Qrels read(Path file, Refusals refusals) throws IOException {
        QrelsFile reading = new QrelsFile();
        try (InputStream in = CompressedFile.open(file)) {
            new TextLines(file.getFileName().toString(), in, refusals).forEach(reading::take);
        }
        return new Qrels(reading.grades);
    }

    private void take(String line) {
        List<String> found = Columns.of(line);
        if (columns == 0 && found.get(0).equals("query-id")) {
            columns = BEIR_COLUMNS;
            return;
        }
        if (columns == 0 && (found.size() == BEIR_COLUMNS || found.size() == TREC_COLUMNS)) {
            columns = found.size();
        }
        if (found.size() != columns) {
            throw new IllegalArgumentException(expected(line, found.size()));
        }
        String query = Columns.id("a query id", found.get(0));
        String passage = Columns.id("a passage id", found.get(columns - 2));
        int grade = grade(found.get(columns - 1));
        if (grades.computeIfAbsent(query, q -> new LinkedHashMap<>()).putIfAbsent(passage, grade) != null) {
            throw new IllegalArgumentException("expected each passage once for a query, got %s again for query %s"
                    .formatted(JsonLine.shortened(passage), JsonLine.shortened(query)));
        }
    }

    private String expected(String line, int found) {
        String form =
                switch (columns) {
                    case BEIR_COLUMNS -> "3 columns (query, passage, grade)";
                    case TREC_COLUMNS -> "4 columns (query, 0, passage, grade)";
                    default -> "4 columns (query, 0, passage, grade) or 3 (query, passage, grade)";
                };
        return "expected %s, got %d: %s".formatted(form, found, JsonLine.shortened(line));
    }

    private static int grade(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "expected a whole number as grade, got %s".formatted(JsonLine.shortened(text)), e);
        }
    }

    /** Writes judgements: BEIR's form where the name says {@code .tsv}, else TREC's. */
    public static void write(Path file, Qrels qrels) throws IOException {
        boolean beir =
                file.getFileName().toString().replaceFirst("\\.(gz|zst)$", "").endsWith(".tsv");
        try (BufferedWriter out = new BufferedWriter(new OutputStreamWriter(CompressedFile.create(file), UTF_8))) {
            if (beir) {
                out.append(BEIR_HEADER).append('\n');
            }
            for (Map.Entry<String, Map<String, Integer>> query : new TreeMap<>(qrels.grades()).entrySet()) {
                Columns.requireWritable(query.getKey());
                for (Map.Entry<String, Integer> judged : new TreeMap<>(query.getValue()).entrySet()) {
                    Columns.requireWritable(judged.getKey());
                    out.append((beir ? "%s\t%s\t%d\n" : "%s 0 %s %d\n")
                            .formatted(query.getKey(), judged.getKey(), judged.getValue()));
                }
            }
        }
    }
}
