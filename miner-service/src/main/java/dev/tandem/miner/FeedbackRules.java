package dev.tandem.miner;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.Judgement;
import dev.tandem.events.PassagePublished;
import dev.tandem.events.QueryRecorded;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which events are refused although they can be read; pure functions, and every refusal says what was expected.
 *
 * <p>The bounds are far beyond honest input and keep one event from filling memory.
 */
final class FeedbackRules {
    static final int MOST_ID_CHARS = 512;
    static final int MOST_QUERY_CHARS = 10_000;
    static final int MOST_TITLE_CHARS = 10_000;
    static final int MOST_TEXT_CHARS = 200_000;
    static final int MOST_JUDGEMENTS = 10_000;
    static final int MOST_SHOWN = 1_000;
    /** An event that happened later than this after it was sent has a wrong clock. */
    static final Duration CLOCK_ERROR = Duration.ofDays(1);

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    private FeedbackRules() {}

    /** Why a recording is refused, or empty. */
    static Optional<String> refusal(QueryRecorded query, String key) {
        return first(
                id("id", query.getId()),
                keyed(key, "id", query.getId()),
                text("text", query.getText(), MOST_QUERY_CHARS),
                when(
                        query.getUser() != null && query.getUser().length() > MOST_ID_CHARS,
                        () -> "user has more than %d characters, expected an id or null".formatted(MOST_ID_CHARS)),
                time("recordedAt", query.getRecordedAt()),
                judgements(query.getJudgements()),
                shown(query.getShown()));
    }

    /** Why a click is refused, or empty. */
    static Optional<String> refusal(ClickRecorded click, String key) {
        return first(
                id("eventId", click.getEventId()),
                id("queryId", click.getQueryId()),
                keyed(key, "queryId", click.getQueryId()),
                id("passageId", click.getPassageId()),
                id("user", click.getUser()),
                time("clickedAt", click.getClickedAt()),
                when(click.getRank() < 1, () -> "rank is %d, expected 1 or more".formatted(click.getRank())),
                when(
                        click.getDwellMillis() != null && click.getDwellMillis() < 0,
                        () -> "dwellMillis is %d, expected 0 or more, or null".formatted(click.getDwellMillis())));
    }

    /** Why a passage is refused, or empty. */
    static Optional<String> refusal(PassagePublished passage, String key) {
        return first(
                id("id", passage.getId()),
                keyed(key, "id", passage.getId()),
                text("text", passage.getText(), MOST_TEXT_CHARS),
                when(
                        passage.getTitle().length() > MOST_TITLE_CHARS,
                        () -> "title has %d characters, expected at most %d"
                                .formatted(passage.getTitle().length(), MOST_TITLE_CHARS)));
    }

    private static Optional<String> judgements(List<Judgement> judgements) {
        if (judgements.size() > MOST_JUDGEMENTS) {
            return Optional.of(
                    "judgements holds %d, expected at most %d".formatted(judgements.size(), MOST_JUDGEMENTS));
        }
        return judgements.stream()
                .map(judgement -> id("judgements.passageId", judgement.getPassageId()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> shown(List<String> shown) {
        if (shown.size() > MOST_SHOWN) {
            return Optional.of("shown holds %d passages, expected at most %d".formatted(shown.size(), MOST_SHOWN));
        }
        if (new HashSet<>(shown).size() < shown.size()) {
            return Optional.of("shown holds a passage twice, expected each once, in rank order");
        }
        return shown.stream()
                .map(passageId -> id("shown", passageId))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> id(String field, String value) {
        return value.indexOf('\0') >= 0
                ? Optional.of(field + " holds the character NUL, which no id may")
                : text(field, value, MOST_ID_CHARS);
    }

    private static Optional<String> text(String field, String value, int mostChars) {
        if (value.isBlank()) {
            return Optional.of(field + " is blank");
        }
        return when(
                value.length() > mostChars,
                () -> "%s has %d characters, expected at most %d".formatted(field, value.length(), mostChars));
    }

    private static Optional<String> keyed(String key, String field, String id) {
        return when(
                !id.equals(key),
                () -> "the record is keyed by %s, expected its %s %s: other keys land in other partitions"
                        .formatted(key, field, id));
    }

    private static Optional<String> time(String field, Instant time) {
        return when(
                time.isBefore(EARLIEST),
                () -> "%s is %s, expected milliseconds since 1970 and no time before %s"
                        .formatted(field, time, EARLIEST));
    }

    /** The reason is put into words only where there is one: every event is checked for every rule. */
    private static Optional<String> when(boolean isBroken, Supplier<String> reason) {
        return isBroken ? Optional.of(reason.get()) : Optional.empty();
    }

    @SafeVarargs
    private static Optional<String> first(Optional<String>... refusals) {
        for (Optional<String> refusal : refusals) {
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }
}
