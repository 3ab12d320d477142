package dev.tandem.miner;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the mining of one partition of labelled queries has come, beside its offset; committed as the metadata of that
 * offset, in the transaction of the lists, so that a restart knows exactly what is left to mine.
 *
 * @param minedBy champion the re-mining runs with, or bm25
 * @param remined labels up to this one, newest first, have lists by that champion; {@link Mark#NONE} at its start, {@link
 *     Mark#ALL} at its end
 * @param hasWaiting whether labels were passed over because their positive is not among the passages yet
 * @param lists lists sent so far
 */
record MiningPosition(String minedBy, Mark remined, boolean hasWaiting, long lists) {
    private static final Pattern WRITTEN =
            Pattern.compile("1 (\\S+) (none|all|-?\\d+:[0-9a-f]{32}) (true|false) (\\d+)");

    MiningPosition {
        requireNonNull(minedBy, "minedBy is null");
        requireNonNull(remined, "remined is null");
    }

    /** A place in the order of re-mining: newest feedback first, then by query key. */
    record Mark(long freshestAt, String queryKey) implements Comparable<Mark> {
        static final Mark NONE = new Mark(Long.MAX_VALUE, "");
        static final Mark ALL = new Mark(Long.MIN_VALUE, "~");

        static Mark of(String queryKey, Instant freshestFeedbackAt) {
            return new Mark(freshestFeedbackAt.toEpochMilli(), queryKey);
        }

        @Override
        public int compareTo(Mark other) {
            return Comparator.comparingLong(Mark::freshestAt)
                    .reversed()
                    .thenComparing(Mark::queryKey)
                    .compare(this, other);
        }

        private String written() {
            if (equals(NONE) || equals(ALL)) {
                return equals(NONE) ? "none" : "all";
            }
            return freshestAt + ":" + queryKey;
        }

        private static Mark read(String written) {
            if (written.equals("none") || written.equals("all")) {
                return written.equals("none") ? NONE : ALL;
            }
            int colon = written.indexOf(':');
            return new Mark(Long.parseLong(written.substring(0, colon)), written.substring(colon + 1));
        }
    }

    /** Nothing mined yet. */
    static MiningPosition start(String minedBy) {
        return new MiningPosition(minedBy, Mark.ALL, false, 0);
    }

    MiningPosition remined(Mark mark) {
        return new MiningPosition(minedBy, mark, hasWaiting, lists);
    }

    MiningPosition restarted(String champion) {
        return new MiningPosition(champion, Mark.NONE, hasWaiting, lists);
    }

    MiningPosition waiting(boolean has) {
        return new MiningPosition(minedBy, remined, has, lists);
    }

    MiningPosition plus(long moreLists) {
        return new MiningPosition(minedBy, remined, hasWaiting, lists + moreLists);
    }

    String written() {
        return "1 %s %s %s %d".formatted(minedBy, remined.written(), hasWaiting, lists);
    }

    /** What was committed; metadata of another make means that everything is mined again. */
    static MiningPosition read(String metadata, String minedBy) {
        Matcher matcher = WRITTEN.matcher(metadata);
        if (!matcher.matches()) {
            return new MiningPosition(minedBy, Mark.NONE, false, 0);
        }
        return new MiningPosition(
                matcher.group(1),
                Mark.read(matcher.group(2)),
                Boolean.parseBoolean(matcher.group(3)),
                Long.parseLong(matcher.group(4)));
    }
}
