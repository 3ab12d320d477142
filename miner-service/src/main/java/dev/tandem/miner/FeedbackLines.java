package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.events.ClickRecorded;
import dev.tandem.events.Judgement;
import dev.tandem.events.PassagePublished;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.retrieval.line.JsonLine;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Passages, queries and clicks as a user writes them, one JSON object per line.
 *
 * <pre>
 * {"id": "p4", "title": "…", "text": "…"}
 * {"text": "how to …", "judgements": {"passage id": 1}, "use": "train"}
 * {"id": "i-17", "text": "how to …", "shown": ["p4", "p9"], "servedBy": "bm25", "user": "u1"}
 * {"queryId": "i-17", "passageId": "p9", "rank": 2, "dwellMillis": 41000, "user": "u1"}
 * </pre>
 *
 * <p>Missing ids and times are filled in: the id of a click follows from query, passage and user, so that a file sent twice
 * counts its clicks once. That of a query is drawn: who may send a query again with what it showed names it.
 */
public final class FeedbackLines {
    private static final int MOST_PASSAGES = 1_000;
    private static final int HIGHEST_GRADE = 1_000;

    private final Clock clock;

    public FeedbackLines(Clock clock) {
        this.clock = clock;
    }

    /**
     * Reads a passage; its id stands under {@code id} or, as in BEIR, under {@code _id}.
     *
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public static PassagePublished passage(JsonLine json) {
        return PassagePublished.newBuilder()
                .setId(passageId(json))
                .setTitle(json.optionalText("title").orElse(""))
                .setText(json.text("text"))
                .build();
    }

    /** Whether a passage is to be removed: {@code "removed": true}. */
    static boolean isRemoval(JsonLine json) {
        Optional<JsonNode> removed = json.optional("removed");
        if (removed.isPresent() && !removed.get().isBoolean()) {
            throw new IllegalArgumentException("expected \"removed\" to be true or false, got " + removed.get());
        }
        return removed.isPresent() && removed.get().booleanValue();
    }

    static String passageId(JsonLine json) {
        return json.id(json.optional("_id").isPresent() ? "_id" : "id");
    }

    /**
     * Reads a query with judgements, or with the passages it was answered with.
     *
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public QueryRecorded query(JsonLine json) {
        List<Judgement> judgements = judgements(json);
        List<String> shown = shown(json);
        if (judgements.isEmpty() && shown.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected \"judgements\" or \"shown\" (or both), got a query with neither: nothing can be learned from it");
        }
        return QueryRecorded.newBuilder()
                .setId(json.optional("id").isPresent() ? json.id("id") : "q-" + UUID.randomUUID())
                .setText(json.text("text"))
                .setRecordedAt(time(json, "recordedAt"))
                .setJudgements(judgements)
                .setShown(shown)
                .setServedBy(json.optionalText("servedBy").orElse(null))
                .setUser(user(json))
                .setUse(use(json))
                .build();
    }

    /**
     * Reads a click.
     *
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public ClickRecorded click(JsonLine json) {
        return ClickRecorded.newBuilder()
                .setEventId(
                        json.optional("eventId").isPresent()
                                ? json.id("eventId")
                                : clickId(json.id("queryId"), json.id("passageId"), json.id("user")))
                .setQueryId(json.id("queryId"))
                .setPassageId(json.id("passageId"))
                .setRank((int) number(json, "rank", 1, MOST_PASSAGES))
                .setDwellMillis(
                        json.optional("dwellMillis").isPresent()
                                ? (Long) number(json, "dwellMillis", 0, 86_400_000)
                                : null)
                .setUser(json.id("user"))
                .setClickedAt(time(json, "clickedAt"))
                .build();
    }

    /** Id of a click that has none: the same click sent twice counts once. */
    public static String clickId(String queryId, String passageId, String user) {
        String identity = "%s\n%s\n%s".formatted(queryId, passageId, user);
        return UUID.nameUUIDFromBytes(identity.getBytes(UTF_8)).toString();
    }

    private static List<Judgement> judgements(JsonLine json) {
        List<Judgement> judgements = new ArrayList<>();
        JsonNode graded = json.optional("judgements").orElse(null);
        if (graded == null) {
            return judgements;
        }
        if (!graded.isObject() || graded.size() > MOST_PASSAGES) {
            throw new IllegalArgumentException(
                    "expected \"judgements\" as {\"passage id\": grade} with at most %d passages"
                            .formatted(MOST_PASSAGES));
        }
        graded.properties().forEach(entry -> {
            JsonNode grade = entry.getValue();
            if (!grade.isInt() || grade.intValue() < 0 || grade.intValue() > HIGHEST_GRADE) {
                throw new IllegalArgumentException("expected the grade of %s to be a whole number from 0 to %d, got %s"
                        .formatted(entry.getKey(), HIGHEST_GRADE, grade));
            }
            judgements.add(new Judgement(entry.getKey(), grade.intValue()));
        });
        return judgements;
    }

    private static List<String> shown(JsonLine json) {
        List<String> shown = new ArrayList<>();
        json.optional("shown").ifPresent(ids -> {
            if (!ids.isArray() || ids.size() > MOST_PASSAGES) {
                throw new IllegalArgumentException(
                        "expected \"shown\" to be a list of at most %d passage ids".formatted(MOST_PASSAGES));
            }
            for (JsonNode id : ids) {
                if (!id.isTextual()
                        || id.textValue().isBlank()
                        || id.textValue().length() > JsonLine.LONGEST_ID) {
                    throw new IllegalArgumentException("expected passage ids in \"shown\", got " + id);
                }
                shown.add(id.textValue());
            }
        });
        return shown;
    }

    /** An id as in a click, null where there is none or a blank one. */
    private static String user(JsonLine json) {
        boolean isThere = json.optional("user")
                .filter(user -> !(user.isTextual() && user.textValue().isBlank()))
                .isPresent();
        return isThere ? json.id("user") : null;
    }

    private static QueryUse use(JsonLine json) {
        String use = json.optionalText("use").orElse("by-hash");
        return switch (use.toLowerCase(Locale.ROOT).replace('_', '-')) {
            case "train" -> QueryUse.TRAIN;
            case "held-out" -> QueryUse.HELD_OUT;
            case "by-hash" -> QueryUse.BY_HASH;
            default ->
                throw new IllegalArgumentException(
                        "expected \"use\" to be train, held-out or by-hash, got \"%s\"".formatted(use));
        };
    }

    private static long number(JsonLine json, String field, long least, long most) {
        long number = json.optionalNumber(field).orElse(least - 1);
        if (number < least || number > most) {
            throw new IllegalArgumentException("expected \"%s\" to be a whole number from %d to %d, got %s"
                    .formatted(field, least, most, json.optional(field).orElse(null)));
        }
        return number;
    }

    private Instant time(JsonLine json, String field) {
        JsonNode value = json.optional(field).orElse(null);
        if (value == null) {
            return Instant.ofEpochMilli(clock.millis());
        }
        try {
            Instant time = value.canConvertToLong() && value.isIntegralNumber()
                    ? Instant.ofEpochMilli(value.longValue())
                    : Instant.parse(value.asText());
            if (time.toEpochMilli() > clock.millis() + FeedbackRules.CLOCK_ERROR.toMillis()) {
                throw new IllegalArgumentException(
                        "expected \"%s\" not to be more than a day ahead, got %s; check the sender's clock"
                                .formatted(field, time));
            }
            return time;
        } catch (DateTimeException | ArithmeticException e) { // the latter: milliseconds that no long holds
            throw new IllegalArgumentException(
                    "expected \"%s\" as 2026-01-31T12:00:00Z or in milliseconds since 1970, got %s"
                            .formatted(field, JsonLine.shortened(value.toString())),
                    e);
        }
    }
}
