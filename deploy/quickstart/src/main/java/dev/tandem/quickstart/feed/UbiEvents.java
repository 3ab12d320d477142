package dev.tandem.quickstart.feed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.events.ClickRecorded;
import dev.tandem.events.QueryRecorded;
import dev.tandem.miner.FeedbackLines;
import dev.tandem.retrieval.line.JsonLine;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * OpenSearch User Behavior Insights (UBI 1.0 to 1.3): documents of {@code ubi_queries} and {@code ubi_events}, plain or as an
 * export has them, below {@code _source}.
 *
 * <pre>
 * {"query_id": "…", "client_id": "…", "user_query": "…", "query_response_hit_ids": ["p4", "p9"], "timestamp": "2026-01-31T12:00:00Z"}
 * {"action_name": "click", "query_id": "…", "client_id": "…", "timestamp": "…",
 *  "event_attributes": {"object": {"object_id": "p9"}, "position": {"ordinal": 2}}}
 * </pre>
 */
final class UbiEvents {
    private static final int MOST_HITS = 1_000;

    private final Set<String> actions;
    private final ShownRanks ranks;

    UbiEvents(Set<String> actions, ShownRanks ranks) {
        this.actions = actions;
        this.ranks = ranks;
    }

    /** An impression; nothing where it is an event, or a query without an id or hits: nothing can be clicked there. */
    Optional<QueryRecorded> query(JsonLine line) {
        JsonLine json = source(line);
        if (isEvent(json)) {
            return Optional.empty();
        }
        List<String> hits = hits(json);
        if (hits.isEmpty() || json.optional("query_id").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(QueryRecorded.newBuilder()
                .setId(json.id("query_id"))
                .setText(json.text("user_query"))
                .setRecordedAt(ForeignTime.of(json, "timestamp"))
                .setShown(hits)
                .setUser(user(json).orElse(null))
                .build());
    }

    /** A click; nothing where it is a query, another action, or one on nothing that a query found. */
    Optional<ClickRecorded> click(JsonLine line) {
        JsonLine json = source(line);
        if (!isEvent(json)) {
            if (json.optional("query_id").isPresent()) {
                ranks.remember(json.id("query_id"), hits(json));
            }
            return Optional.empty();
        }
        if (!actions.contains(json.text("action_name"))) {
            return Optional.empty();
        }
        Optional<JsonLine> object =
                json.optionalObject("event_attributes").flatMap(attributes -> attributes.optionalObject("object"));
        if (json.optional("query_id").isEmpty()
                || object.flatMap(clicked -> clicked.optional("object_id")).isEmpty()) {
            return Optional.empty();
        }
        JsonLine attributes = json.optionalObject("event_attributes").orElseThrow();
        String queryId = json.id("query_id");
        String passageId = object.get().id("object_id");
        String user = user(json).orElseThrow(() -> new IllegalArgumentException("expected a \"client_id\", got none"));
        return Optional.of(ClickRecorded.newBuilder()
                .setEventId(FeedbackLines.clickId(queryId, passageId, user))
                .setQueryId(queryId)
                .setPassageId(passageId)
                .setRank(ordinal(attributes).orElseGet(() -> ranks.rank(queryId, passageId)))
                .setUser(user)
                .setClickedAt(ForeignTime.of(json, "timestamp"))
                .build());
    }

    private static JsonLine source(JsonLine line) {
        return line.optionalObject("_source").orElse(line);
    }

    private static boolean isEvent(JsonLine json) {
        return json.optional("action_name").isPresent();
    }

    /** In rank order; a passage that is a hit twice (as two variants) counts where it stands first. */
    private static List<String> hits(JsonLine json) {
        Optional<JsonNode> ids = json.optional("query_response_hit_ids");
        if (ids.isPresent() && (!ids.get().isArray() || ids.get().size() > MOST_HITS)) {
            throw new IllegalArgumentException(
                    "expected \"query_response_hit_ids\" to be an array of at most %d ids, got %s"
                            .formatted(MOST_HITS, JsonLine.shortened(ids.get().toString())));
        }
        Set<String> hits = new LinkedHashSet<>();
        ids.ifPresent(array -> array.forEach(id -> hits.add(hit(id))));
        return List.copyOf(hits);
    }

    private static String hit(JsonNode id) {
        if (!(id.isTextual() || id.isIntegralNumber())
                || id.asText().isBlank()
                || id.asText().length() > JsonLine.LONGEST_ID) {
            throw new IllegalArgumentException(
                    "expected ids in \"query_response_hit_ids\", got " + JsonLine.shortened(id.toString()));
        }
        return id.asText();
    }

    private static Optional<String> user(JsonLine json) {
        String field = json.optional("client_id").isPresent() ? "client_id" : "user_id";
        return json.optional(field).isPresent() ? Optional.of(json.id(field)) : Optional.empty();
    }

    /** {@code position.ordinal}, a number, or in UBI 1.0 an object with the number as index. */
    private static Optional<Integer> ordinal(JsonLine attributes) {
        Optional<JsonNode> ordinal = attributes
                .optionalObject("position")
                .flatMap(position -> position.optional("ordinal"))
                .map(value -> value.isObject() ? value.path("index") : value);
        if (ordinal.isPresent() && (!ordinal.get().isInt() || ordinal.get().intValue() < 1)) {
            throw new IllegalArgumentException("expected \"position.ordinal\" to be a whole number of 1 and above, got "
                    + JsonLine.shortened(ordinal.get().toString()));
        }
        return ordinal.map(JsonNode::intValue);
    }
}
