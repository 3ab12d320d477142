package dev.tandem.evaluator.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** How many records were refused, by topic, service and kind of reason, counted from the dead letters. */
public final class Refusals {
    /** Refusals of one kind; numbers and ids in the reason are left out, so that like counts with like. */
    public record Refusal(String topic, String refusedBy, String reason, long count, Instant lastAt) {}

    private record Kind(String topic, String refusedBy, String reason) {}

    private static final int MOST_KINDS = 50;
    private static final int LONGEST_REASON = 160;
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
    private static final Pattern SPECIFIC = Pattern.compile("\\b\\S*[0-9]\\S*");

    private final Map<Kind, Refusal> byKind = new HashMap<>();
    private final Set<String> origins = new HashSet<>();
    private long total;

    /**
     * A dead letter was read.
     *
     * @param own where the record came from if this service refused it, else null
     */
    public synchronized void add(String topic, String refusedBy, String reason, Instant at, String own) {
        if (own != null) {
            origins.add(own);
        }
        total++;
        Kind kind = new Kind(topic, refusedBy, general(reason));
        if (byKind.size() >= MOST_KINDS && !byKind.containsKey(kind)) {
            kind = new Kind(topic, refusedBy, "other reasons");
        }
        Refusal before = byKind.get(kind);
        byKind.put(
                kind,
                new Refusal(
                        kind.topic(), kind.refusedBy(), kind.reason(), before == null ? 1 : before.count() + 1, at));
    }

    /** Whether this service has refused the record before: it is in the dead letters already. */
    public synchronized boolean isKnown(String origin) {
        return origins.contains(origin);
    }

    /** Most frequent first. */
    public synchronized List<Refusal> list() {
        List<Refusal> all = new ArrayList<>(byKind.values());
        all.sort(java.util.Comparator.comparingLong(Refusal::count)
                .reversed()
                .thenComparing(Refusal::topic)
                .thenComparing(Refusal::reason));
        return all;
    }

    public synchronized long total() {
        return total;
    }

    private static String general(String reason) {
        String bounded = reason.length() > 4 * LONGEST_REASON ? reason.substring(0, 4 * LONGEST_REASON) : reason;
        String general =
                SPECIFIC.matcher(QUOTED.matcher(bounded).replaceAll("…")).replaceAll("…");
        return general.length() > LONGEST_REASON ? general.substring(0, LONGEST_REASON) + "…" : general;
    }
}
