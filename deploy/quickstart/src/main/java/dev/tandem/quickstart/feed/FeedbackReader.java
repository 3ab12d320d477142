package dev.tandem.quickstart.feed;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.QueryRecorded;
import dev.tandem.miner.FeedbackLines;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.line.JsonLine;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/**
 * Lines of a file of passages, queries or clicks, in Tandem's own or another's format.
 *
 * <p>A file of another's events may hold all kinds of them: a line about something else gives nothing, and is no mistake.
 */
public final class FeedbackReader {
    private final Optional<FeedbackFormat> format;
    private final FeedbackLines tandem;
    private final UbiEvents ubi;
    private final MetarankEvents metarank;

    /**
     * @param format of all lines; where it is empty each line tells by its fields
     * @param actions of UBI and of Metarank that are clicks
     */
    public FeedbackReader(Optional<FeedbackFormat> format, Set<String> actions, Clock clock) {
        ShownRanks ranks = new ShownRanks();
        this.format = format;
        this.tandem = new FeedbackLines(clock);
        this.ubi = new UbiEvents(actions, ranks);
        this.metarank = new MetarankEvents(actions, ranks);
    }

    /**
     * A passage.
     *
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public Optional<Passage> passage(String line) {
        JsonLine json = JsonLine.of(line);
        return switch (formatOf(json)) {
            case TANDEM -> {
                var passage = FeedbackLines.passage(json);
                yield Optional.of(new Passage(passage.getId(), passage.getTitle(), passage.getText()));
            }
            case UBI -> Optional.empty();
            case METARANK -> metarank.item(json);
        };
    }

    /**
     * A query with judgements, or with what was shown for it.
     *
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public Optional<QueryRecorded> query(String line) {
        JsonLine json = JsonLine.of(line);
        return switch (formatOf(json)) {
            case TANDEM -> Optional.of(tandem.query(json));
            case UBI -> ubi.query(json);
            case METARANK -> metarank.ranking(json);
        };
    }

    /**
     * A click.
     *
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public Optional<ClickRecorded> click(String line) {
        JsonLine json = JsonLine.of(line);
        return switch (formatOf(json)) {
            case TANDEM -> Optional.of(tandem.click(json));
            case UBI -> ubi.click(json);
            case METARANK -> metarank.interaction(json);
        };
    }

    private FeedbackFormat formatOf(JsonLine json) {
        return format.orElseGet(() -> FeedbackFormat.of(json));
    }
}
