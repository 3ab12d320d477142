package dev.tandem.trainer.stage;

import java.util.Locale;

/** Prints a comparison a row: both medians, the median ratio, and between which values half of the ratios lie. */
public final class SpeedTable {
    private static final String ROW = "| %-48s | %-21s | %12s | %12s | %5s | %11s | %6s |%n";

    public void head() {
        System.out.printf(ROW, "what", "beside", "Tandem", "peer", "ratio", "half within", "target");
        System.out.printf(ROW, "---", "---", "---", "---", "---", "---", "---");
    }

    /** Time per step; less than 1 is better. */
    void time(String what, String peer, Rounds rounds) {
        row(
                what,
                peer,
                number("%.1f ms", 1e3 * rounds.ourMedian()),
                number("%.1f ms", 1e3 * rounds.theirMedian()),
                rounds.timeRatio(0.5),
                number("%.2f", rounds.timeRatio(0.25)) + "-" + number("%.2f", rounds.timeRatio(0.75)),
                "<= 1");
    }

    /** Passages per second; more than 1 is better. */
    void speed(String what, String peer, int passages, Rounds rounds, int target) {
        rate(what, peer, passages, "%.0f /s", rounds, "%.2f", ">= " + target);
    }

    /** Steps per second; at least so much of the peer's. */
    public void steps(String what, String peer, int steps, Rounds rounds, double target) {
        rate(what, peer, steps, "%.2f /s", rounds, "%.3f", ">= " + target);
    }

    private static void rate(
            String what, String peer, int count, String perSecond, Rounds rounds, String ratio, String target) {
        row(
                what,
                peer,
                number(perSecond, count / rounds.ourMedian()),
                number(perSecond, count / rounds.theirMedian()),
                rounds.speedRatio(0.5),
                number(ratio, rounds.speedRatio(0.25)) + "-" + number(ratio, rounds.speedRatio(0.75)),
                target);
    }

    private static void row(
            String what, String peer, String ours, String theirs, double ratio, String spread, String target) {
        System.out.printf(ROW, what, peer, ours, theirs, number("%.3f", ratio), spread, target);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
