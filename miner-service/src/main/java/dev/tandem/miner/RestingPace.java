package dev.tandem.miner;

/**
 * Rests after each piece of work for so long that the work takes at most a share of the time, however fast it goes: mining
 * with a cross encoder is slower than without by a factor of hundreds, and both share a machine with what is more urgent.
 *
 * <p>Times are in nanoseconds of {@link System#nanoTime}.
 */
final class RestingPace {
    private final double share;
    private long restsUntil = System.nanoTime();

    /** @param share of the time, above 0 to 1 */
    RestingPace(double share) {
        this.share = share;
    }

    void worked(long from, long to) {
        restsUntil = from + (long) ((to - from) / share);
    }

    boolean isRested(long now) {
        return now - restsUntil >= 0;
    }
}
