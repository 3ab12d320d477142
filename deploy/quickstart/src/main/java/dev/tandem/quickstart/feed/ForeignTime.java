package dev.tandem.quickstart.feed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.retrieval.line.JsonLine;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Times as other systems write them: ISO 8601 with a zone, or seconds or milliseconds since 1970, as number or text. */
final class ForeignTime {
    /** As seconds the year 5138, as milliseconds 1973. */
    private static final long LEAST_MILLIS = 100_000_000_000L;

    private ForeignTime() {}

    /**
     * The time in a field.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Instant of(JsonLine json, String field) {
        JsonNode value = json.optional(field).orElse(null);
        String text = value == null ? "" : value.asText().strip();
        try {
            if (text.matches("\\d{1,15}")) {
                long number = Long.parseLong(text);
                return number < LEAST_MILLIS ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
            }
            return Instant.ofEpochMilli(OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) { // the latter: milliseconds that no long holds
            throw new IllegalArgumentException(
                    "expected \"%s\" as 2026-01-31T12:00:00Z or as seconds or milliseconds since 1970, got %s"
                            .formatted(field, JsonLine.shortened(String.valueOf(value))),
                    e);
        }
    }
}
