package dev.tandem.evaluator.offline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.Run;
import dev.tandem.retrieval.line.CompressedFile;
import dev.tandem.retrieval.line.JsonLine;
import dev.tandem.retrieval.line.Refusals;
import dev.tandem.retrieval.line.TextLines;
import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/**
 * A run in a file, {@code .gz} and {@code .zst} compressed: TREC's lines (query, Q0, passage, rank, score, tag), or BEIR's
 * JSON object (query to passage to score).
 *
 * <p>The order is that of the scores; the column of ranks and the order of the lines mean nothing, as for trec_eval.
 */
public final class RunFile {
    private static final int COLUMNS = 6;

    private RunFile() {}

    /**
     * Reads a run; its first character tells the form.
     *
     * @param refusals gets what cannot be taken, with file and line
     */
    public static Run read(Path file, Refusals refusals) throws IOException {
        try (InputStream in = new BufferedInputStream(CompressedFile.open(file))) {
            String name = file.getFileName().toString();
            RunDraft draft = new RunDraft();
            if (firstCharacter(in) == '{') {
                BeirRun.read(name, in, refusals, draft);
            } else {
                new TextLines(name, in, refusals).forEach(line -> readTrec(line, draft));
            }
            return draft.run();
        }
    }

    private static int firstCharacter(InputStream in) throws IOException {
        in.mark(1024);
        int character = in.read();
        for (int i = 1; i < 1024 && Character.isWhitespace(character); i++) {
            character = in.read();
        }
        in.reset();
        return character;
    }

    private static void readTrec(String line, RunDraft draft) {
        List<String> columns = Columns.of(line);
        if (columns.size() != COLUMNS) {
            throw new IllegalArgumentException("expected 6 columns (query, Q0, passage, rank, score, tag), got %d: %s"
                    .formatted(columns.size(), JsonLine.shortened(line)));
        }
        draft.add(
                Columns.id("a query id", columns.get(0)),
                Columns.id("a passage id", columns.get(2)),
                score(columns.get(4)));
    }

    private static double score(String text) {
        double score = Double.NaN;
        char last = text.charAt(text.length() - 1);
        if ((Character.isDigit(last) || last == '.')
                && text.indexOf('x') < 0
                && text.indexOf('X') < 0) { // Java's 1f, 0x1
            try {
                score = Double.parseDouble(text);
            } catch (NumberFormatException e) {
                score = Double.NaN;
            }
        }
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException(
                    "expected a number as score, got %s".formatted(JsonLine.shortened(text)));
        }
        return score;
    }

    /**
     * Writes a run, best passage first: BEIR's form where the name says {@code .json}, else TREC's.
     *
     * @param tag name of the run in TREC's last column
     */
    public static void write(Path file, Run run, String tag) throws IOException {
        if (isJson(file)) {
            BeirRun.write(file, run);
            return;
        }
        Columns.requireWritable(tag);
        try (BufferedWriter out = new BufferedWriter(new OutputStreamWriter(CompressedFile.create(file), UTF_8))) {
            new TreeMap<>(run.rankings()).forEach((query, ranking) -> writeTrec(out, query, ranking, tag));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    static boolean isJson(Path file) {
        return file.getFileName().toString().replaceFirst("\\.(gz|zst)$", "").endsWith(".json");
    }

    private static void writeTrec(BufferedWriter out, String query, Ranking ranking, String tag) {
        Columns.requireWritable(query);
        try {
            int rank = 1;
            for (Ranking.Hit hit : ranking.hits()) {
                Columns.requireWritable(hit.passageId());
                out.append(query).append(" Q0 ").append(hit.passageId()).append(' ');
                out.append(Integer.toString(rank++)).append(' ').append(Double.toString(hit.score()));
                out.append(' ').append(tag).append('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
