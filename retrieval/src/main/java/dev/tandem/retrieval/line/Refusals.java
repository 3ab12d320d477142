package dev.tandem.retrieval.line;

import java.util.ArrayList;
import java.util.List;

/** Lines of a file that were not taken: how many, and the first of them with their reasons. */
public final class Refusals {
    private static final int REMEMBERED = 20;

    private static final int LONGEST_REASON = 1000;

    private final Runnable watcher;
    private final List<String> first = new ArrayList<>();
    private long count;

    /** None yet. */
    public Refusals() {
        this(() -> {});
    }

    /**
     * None yet.
     *
     * @param watcher told after each refusal; what it throws ends the reading
     */
    public Refusals(Runnable watcher) {
        this.watcher = watcher;
    }

    /**
     * Notes lines that are refused together.
     *
     * @param file as the user knows it
     * @param line the first of them, from 1
     * @param lines how many they are
     * @param reason what was expected, and what came
     */
    public void add(String file, long line, long lines, String reason) {
        count += lines;
        if (first.size() < REMEMBERED) {
            first.add("%s:%d: %s".formatted(file, line, JsonLine.printable(reason, LONGEST_REASON)));
        }
        watcher.run();
    }

    /** Refused lines. */
    public long count() {
        return count;
    }

    /** The first refusals, each with file and line number. */
    public List<String> first() {
        return List.copyOf(first);
    }
}
