package dev.tandem.quickstart;

import java.io.PrintWriter;
import java.time.Duration;

/** What the user sees: lines that stay, and one line of progress that is written over on a terminal. */
public final class Screen {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final PrintWriter out;
    private final boolean terminal;
    private final long start = System.nanoTime();
    private long lastProgress = -BETWEEN_LINES.toNanos();
    private int width;

    /**
     * @param terminal true if a line can be written over; else progress is a line of its own every ten seconds
     */
    public Screen(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** A line that stays, with the time since the start. */
    public synchronized void say(String line) {
        clear();
        out.println(stamp() + line);
        out.flush();
    }

    /** Lines that stay, as they are. */
    public synchronized void print(String lines) {
        clear();
        out.println(lines);
        out.flush();
    }

    /** The line of progress; it stands until the next one, or the next line that stays. */
    public synchronized void progress(String line) {
        if (terminal) {
            clear();
            String shown = stamp() + line;
            out.print(shown);
            width = shown.length();
            out.flush();
        } else if (elapsed() - lastProgress >= BETWEEN_LINES.toNanos()) {
            lastProgress = elapsed();
            out.println(stamp() + line);
            out.flush();
        }
    }

    private void clear() {
        if (width > 0) {
            out.print("\r" + " ".repeat(width) + "\r");
            width = 0;
        }
    }

    private long elapsed() {
        return System.nanoTime() - start;
    }

    private String stamp() {
        long seconds = elapsed() / 1_000_000_000;
        return "[%2d:%02d] ".formatted(seconds / 60, seconds % 60);
    }
}
