package dev.tandem.retrieval.line;

import java.util.ArrayList;
import java.util.List;

/** Lines of a file that were not taken: how many, and the first of them with their reasons. */
public final class Refusals {
    private static final int REMEMBERED = 20;

    private final List<String> first = new ArrayList<>();
    private long count;

    /**
     * Notes one refused line.
     *
     * @param file as the user knows it
     * @param line from 1
     * @param reason what was expected, and what came
     */
    public void add(String file, long line, String reason) {
        count++;
        if (first.size() < REMEMBERED) {
            first.add("%s:%d: %s".formatted(file, line, reason));
        }
    }

    public long count() {
        return count;
    }

    /** The first refusals, each with file and line number. */
    public List<String> first() {
        return List.copyOf(first);
    }
}
