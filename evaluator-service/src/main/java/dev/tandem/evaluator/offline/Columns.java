package dev.tandem.evaluator.offline;

import dev.tandem.retrieval.line.JsonLine;
import java.util.ArrayList;
import java.util.List;

/** One line of a file of columns between blanks, as trec_eval parts them. */
final class Columns {
    private Columns() {}

    static List<String> of(String line) {
        List<String> columns = new ArrayList<>(6);
        int from = 0;
        while (from < line.length()) {
            int to = from;
            while (to < line.length() && !isBlank(line.charAt(to))) {
                to++;
            }
            if (to > from) {
                columns.add(line.substring(from, to));
            }
            from = to + 1;
        }
        return columns;
    }

    static boolean isBlank(char character) {
        return character == ' ' || (character >= '\t' && character <= '\r');
    }

    static String id(String what, String id) {
        if (id.isEmpty() || id.length() > JsonLine.LONGEST_ID) {
            throw new IllegalArgumentException("expected %s of 1 to %d characters, got %s"
                    .formatted(what, JsonLine.LONGEST_ID, JsonLine.shortened(id)));
        }
        return id;
    }

    static void requireWritable(String id) {
        if (id.isEmpty() || id.chars().anyMatch(character -> isBlank((char) character))) {
            throw new IllegalArgumentException(
                    "The id %s cannot stand in a file of columns, for it holds a blank or nothing; write BEIR's form instead"
                            .formatted(JsonLine.shortened('"' + id + '"')));
        }
    }
}
