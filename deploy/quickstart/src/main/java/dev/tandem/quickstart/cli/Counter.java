package dev.tandem.quickstart.cli;

import java.io.PrintWriter;

/** Counts in place on a terminal; silent where the output is no terminal. */
final class Counter implements AutoCloseable {
    private static final int STEP = 1_000;

    private final PrintWriter out;
    private final String what;
    private final boolean terminal = Boolean.getBoolean("tandem.terminal"); // the script knows
    private long count;
    private long skipped;

    Counter(PrintWriter out, String what) {
        this.out = out;
        this.what = what;
    }

    void more() {
        count++;
        if (terminal && count % STEP == 0) {
            out.printf("\r%d %s", count, what);
            out.flush();
        }
    }

    /** A line about something else. */
    void skip() {
        skipped++;
    }

    long skipped() {
        return skipped;
    }

    /** Clears the line. */
    @Override
    public void close() {
        if (terminal && count >= STEP) {
            out.print("\r" + " ".repeat(what.length() + 20) + "\r");
            out.flush();
        }
    }
}
