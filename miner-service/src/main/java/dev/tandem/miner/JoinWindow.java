package dev.tandem.miner;

import java.time.Duration;
import java.util.stream.LongStream;

/**
 * How long a click may come after its impression, in event time.
 *
 * @param length from the impression to the click
 * @param grace how long either may arrive out of order beyond that
 */
record JoinWindow(Duration length, Duration grace) {
    /** Clocks of senders differ: a click may claim to be this much older than its impression. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    JoinWindow {
        if (length.isNegative() || length.isZero() || grace.isNegative()) {
            throw new IllegalArgumentException(
                    "Expected a click window above 0 and a grace of 0 or more, got %s and %s".formatted(length, grace));
        }
    }

    /** Whether a click at one time belongs to an impression at another. */
    boolean joins(long recordedAt, long clickedAt) {
        return clickedAt >= recordedAt - CLOCK_SKEW.toMillis() && clickedAt <= recordedAt + length.toMillis();
    }

    /** Whether the impression still takes clicks, by the time of the stream. */
    boolean isOpen(long recordedAt, long streamTime) {
        return streamTime <= recordedAt + length.toMillis() + grace.toMillis();
    }

    /** Time of the stream after which no impression of a click can still be open. */
    long lastChance(long clickedAt) {
        return clickedAt + CLOCK_SKEW.toMillis() + length.toMillis() + grace.toMillis();
    }

    /** Begin of the period that a time lies in. Periods are as long as impressions are kept. */
    long period(long time) {
        return Math.floorDiv(Math.max(0, time), retention().toMillis())
                * retention().toMillis();
    }

    /** Begins of the periods between two times, the newest first. */
    long[] periods(long from, long to) {
        long retention = retention().toMillis();
        long newest = period(to);
        return LongStream.rangeClosed(0, (newest - period(from)) / retention)
                .map(i -> newest - i * retention)
                .toArray();
    }

    /** How long impressions and event ids are kept: long enough to tell a late click from an orphan. */
    Duration retention() {
        return length.plus(grace).multipliedBy(2).plus(CLOCK_SKEW);
    }
}
