package dev.tandem.quickstart.feed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.events.ClickRecorded;
import dev.tandem.events.QueryRecorded;
import dev.tandem.miner.FeedbackLines;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.line.JsonLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Events of Metarank.
 *
 * <pre>
 * {"event": "item", "id": "…", "timestamp": "1599391467000", "item": "p9", "fields": [{"name": "title", "value": "…"}]}
 * {"event": "ranking", "id": "r1", "timestamp": "1599391467000", "user": "u1",
 *  "fields": [{"name": "query", "value": "…"}], "items": [{"id": "p4"}, {"id": "p9"}]}
 * {"event": "interaction", "id": "…", "ranking": "r1", "timestamp": "1599391467000", "user": "u1", "type": "click", "item": "p9"}
 * </pre>
 */
final class MetarankEvents {
    private static final int MOST_ITEMS = 1_000;
    private static final int MOST_FIELDS = 1_000;
    private static final List<String> TITLES = List.of("title", "name");
    private static final List<String> TEXTS = List.of("text", "body", "content", "description");

    private final Set<String> actions;
    private final ShownRanks ranks;

    MetarankEvents(Set<String> actions, ShownRanks ranks) {
        this.actions = actions;
        this.ranks = ranks;
    }

    /**
     * An item as a passage: title from {@code title} or {@code name}, text from the first of {@code text}, {@code body},
     * {@code content} and {@code description}, else from the title alone.
     */
    Optional<Passage> item(JsonLine json) {
        if (!is(json, "item")) {
            return Optional.empty();
        }
        Map<String, String> fields = fields(json);
        String title = first(fields, TITLES).orElse("");
        String text = first(fields, TEXTS).orElse(title);
        if (text.isBlank()) {
            throw new IllegalArgumentException(
                    "expected a field of %s or %s with a text, got %s".formatted(TEXTS, TITLES, fields.keySet()));
        }
        return Optional.of(new Passage(json.id("item"), title, text));
    }

    /** An impression; nothing where it is another event, or a ranking without a query: a list, not a search. */
    Optional<QueryRecorded> ranking(JsonLine json) {
        if (!is(json, "ranking")) {
            return Optional.empty();
        }
        String query = fields(json).getOrDefault("query", "");
        if (query.isBlank()) {
            return Optional.empty();
        }
        return Optional.of(QueryRecorded.newBuilder()
                .setId(json.id("id"))
                .setText(query)
                .setRecordedAt(ForeignTime.of(json, "timestamp"))
                .setShown(items(json))
                .setUser(user(json).orElse(null))
                .build());
    }

    /** A click; nothing where it is another event, another interaction, or none with what a ranking showed. */
    Optional<ClickRecorded> interaction(JsonLine json) {
        if (is(json, "ranking")) {
            ranks.remember(json.id("id"), items(json));
        }
        if (!is(json, "interaction")
                || !actions.contains(json.text("type"))
                || json.optional("ranking").isEmpty()) {
            return Optional.empty();
        }
        String queryId = json.id("ranking");
        String passageId = json.id("item");
        String user = user(json)
                .orElseThrow(() -> new IllegalArgumentException("expected a \"user\" or a \"session\", got neither"));
        return Optional.of(ClickRecorded.newBuilder()
                .setEventId(FeedbackLines.clickId(queryId, passageId, user))
                .setQueryId(queryId)
                .setPassageId(passageId)
                .setRank(ranks.rank(queryId, passageId))
                .setUser(user)
                .setClickedAt(ForeignTime.of(json, "timestamp"))
                .build());
    }

    private static boolean is(JsonLine json, String event) {
        return json.text("event").equals(event);
    }

    private static List<String> items(JsonLine json) {
        List<String> items = new ArrayList<>();
        json.objects("items", 1, MOST_ITEMS).forEach(item -> items.add(item.id("id")));
        return items.stream().distinct().toList();
    }

    private static Optional<String> user(JsonLine json) {
        String field = json.optional("user").isPresent() ? "user" : "session";
        return json.optional(field).isPresent() ? Optional.of(json.id(field)) : Optional.empty();
    }

    /** The fields that are texts. */
    private static Map<String, String> fields(JsonLine json) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (json.optional("fields").isPresent()) {
            json.objects("fields", 0, MOST_FIELDS)
                    .forEach(field -> field.optional("value")
                            .filter(JsonNode::isTextual)
                            .ifPresent(value -> fields.put(field.id("name"), value.textValue())));
        }
        return fields;
    }

    private static Optional<String> first(Map<String, String> fields, List<String> names) {
        return names.stream()
                .map(fields::get)
                .filter(text -> text != null && !text.isBlank())
                .findFirst();
    }
}
