package dev.tandem.evaluator.scoring;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** How the gate queries are divided for the guardrails: by where their grades come from, and by their length. */
public final class GateSlices {
    public static final String JUDGED = "judged";
    public static final String CLICKS = "clicks";

    /** Words of the longest short query. */
    private static final int SHORT = 5;
    /** Queries in the anchor; as keys are hashes, the first of them are drawn at random. */
    private static final int ANCHORED = 1_000;

    private GateSlices() {}

    /** Keys of the queries judged, derived from clicks, short and long. */
    public static Map<String, Set<String>> of(List<HeldOutQuery> gate) {
        Map<String, Set<String>> slices = new HashMap<>();
        slices.put(JUDGED, keys(gate, query -> !query.fromClicks()));
        slices.put(CLICKS, keys(gate, HeldOutQuery::fromClicks));
        slices.put("short", keys(gate, GateSlices::isShort));
        slices.put("long", keys(gate, query -> !isShort(query)));
        return slices;
    }

    /** Keys of the judged queries, at most {@value #ANCHORED}: those that no later checkpoint may forget. */
    public static List<String> anchor(List<HeldOutQuery> gate) {
        return keys(gate, query -> !query.fromClicks()).stream()
                .sorted()
                .limit(ANCHORED)
                .toList();
    }

    private static Set<String> keys(List<HeldOutQuery> gate, Predicate<HeldOutQuery> which) {
        return gate.stream().filter(which).map(query -> query.key().value()).collect(Collectors.toSet());
    }

    private static boolean isShort(HeldOutQuery query) {
        return query.text().strip().split("\\s+").length <= SHORT;
    }
}
