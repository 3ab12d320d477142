package dev.tandem.quickstart.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.retrieval.Passage;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedbackReaderTest {
    private static final String UBI_QUERY =
            "{\"application\":\"shop\",\"query_id\":\"q-7\",\"client_id\":\"c1\",\"user_query\":\"toner\",\"object_id_field\":\"product_id\","
                    + "\"query_response_id\":\"r-7\",\"query_response_hit_ids\":[\"p4\",9,\"p4\"],\"query\":\"{}\",\"query_attributes\":{},"
                    + "\"timestamp\":\"2026-01-31T12:00:00.250+01:00\"}";
    private static final String UBI_CLICK =
            "{\"action_name\":\"click\",\"query_id\":\"q-7\",\"client_id\":\"c1\",\"session_id\":\"s\",\"timestamp\":\"2026-01-31T11:00:09Z\","
                    + "\"message_type\":\"CLICK_THROUGH\",\"event_attributes\":{\"object\":{\"object_id\":\"9\",\"object_id_field\":\"product_id\"},"
                    + "\"position\":{\"ordinal\":2}}}";
    private static final String RANKING =
            "{\"event\":\"ranking\",\"id\":\"r1\",\"timestamp\":\"1769860800000\",\"user\":\"u1\",\"session\":\"s1\","
                    + "\"fields\":[{\"name\":\"query\",\"value\":\"cat\"},{\"name\":\"source\",\"value\":\"search\"}],"
                    + "\"items\":[{\"id\":\"item3\",\"relevancy\":2.0},{\"id\":\"item1\"}]}";
    private static final String INTERACTION =
            "{\"event\":\"interaction\",\"id\":\"0f4c\",\"ranking\":\"r1\",\"timestamp\":1769860809,\"user\":\"u1\",\"session\":\"s1\","
                    + "\"type\":\"click\",\"item\":\"item1\",\"fields\":[]}";
    private static final String ITEM =
            "{\"event\":\"item\",\"id\":\"81f4\",\"timestamp\":\"1769860800000\",\"item\":\"item1\",\"fields\":["
                    + "{\"name\":\"title\",\"value\":\"A cat\"},{\"name\":\"color\",\"value\":[\"white\"]},{\"name\":\"description\",\"value\":\"It purrs.\"}]}";

    private final FeedbackReader reader = reader(Optional.empty());

    @Test
    void readsAQueryOfUbiAsAnImpression() {
        QueryRecorded query = reader.query(UBI_QUERY).orElseThrow();

        assertEquals("q-7", query.getId());
        assertEquals("toner", query.getText());
        assertEquals(List.of("p4", "9"), query.getShown());
        assertEquals("c1", query.getUser());
        assertEquals(Instant.parse("2026-01-31T11:00:00.250Z"), query.getRecordedAt());
        assertEquals(QueryUse.BY_HASH, query.getUse());
    }

    @Test
    void readsAClickOfUbi() {
        ClickRecorded click = reader.click(UBI_CLICK).orElseThrow();

        assertEquals("q-7", click.getQueryId());
        assertEquals("9", click.getPassageId());
        assertEquals(2, click.getRank());
        assertEquals("c1", click.getUser());
        assertNull(click.getDwellMillis());
        assertEquals(Instant.parse("2026-01-31T11:00:09Z"), click.getClickedAt());
        assertEquals(click.getEventId(), reader.click(UBI_CLICK).orElseThrow().getEventId());
    }

    @Test
    void readsAnExportOfUbi() {
        String exported = "{\"_index\":\"ubi_queries\",\"_id\":\"1\",\"_source\":%s}".formatted(UBI_QUERY);

        assertEquals(reader.query(UBI_QUERY), reader.query(exported));
    }

    @Test
    void takesTheRankOfTheFirstUbiAndTheRankFromTheQueryBefore() {
        String first = UBI_CLICK.replace("{\"ordinal\":2}", "{\"ordinal\":{\"index\":3}}");
        String unranked = UBI_CLICK.replace("{\"ordinal\":2}", "{\"xy\":{\"x\":1.0,\"y\":2.0}}");

        assertEquals(3, reader.click(first).orElseThrow().getRank());
        assertEquals(Optional.empty(), reader.click(UBI_QUERY));
        assertEquals(2, reader.click(unranked).orElseThrow().getRank());
    }

    @Test
    void readsTheThreeEventsOfMetarank() {
        assertEquals(
                new Passage("item1", "A cat", "It purrs."), reader.passage(ITEM).orElseThrow());

        QueryRecorded query = reader.query(RANKING).orElseThrow();
        assertEquals("r1", query.getId());
        assertEquals("cat", query.getText());
        assertEquals(List.of("item3", "item1"), query.getShown());
        assertEquals(Instant.parse("2026-01-31T12:00:00Z"), query.getRecordedAt());

        assertEquals(Optional.empty(), reader.click(RANKING));
        ClickRecorded click = reader.click(INTERACTION).orElseThrow();
        assertEquals("r1", click.getQueryId());
        assertEquals("item1", click.getPassageId());
        assertEquals(2, click.getRank());
        assertEquals(Instant.parse("2026-01-31T12:00:09Z"), click.getClickedAt());
    }

    @Test
    void passesOverWhatIsAboutSomethingElse() {
        assertEquals(Optional.empty(), reader.query(ITEM));
        assertEquals(Optional.empty(), reader.query(INTERACTION));
        assertEquals(Optional.empty(), reader.query(UBI_CLICK));
        assertEquals(Optional.empty(), reader.query(RANKING.replace("\"query\"", "\"category\"")));
        assertEquals(Optional.empty(), reader.query(UBI_QUERY.replace("[\"p4\",9,\"p4\"]", "null")));
        assertEquals(Optional.empty(), reader.click(INTERACTION.replace("\"click\"", "\"purchase\"")));
        assertEquals(Optional.empty(), reader.click(INTERACTION.replace("\"ranking\":\"r1\",", "")));
        assertEquals(Optional.empty(), reader.click(UBI_CLICK.replace("\"click\"", "\"page_exit\"")));
        assertEquals(Optional.empty(), reader.click(UBI_CLICK.replace("\"query_id\":\"q-7\",", "")));
        assertEquals(Optional.empty(), reader.click(UBI_CLICK.replace("\"object_id\":\"9\",", "")));
        assertEquals(Optional.empty(), reader.click(UBI_CLICK.replace("event_attributes", "other")));
        assertEquals(Optional.empty(), reader.query(UBI_QUERY.replace("\"query_id\":\"q-7\",", "")));
        assertEquals(Optional.empty(), reader.passage(RANKING));
    }

    @Test
    void stillReadsTandemsOwnLines() {
        assertEquals(
                "sort a list",
                reader.query("{\"text\":\"sort a list\",\"judgements\":{\"p1\":1}}")
                        .orElseThrow()
                        .getText());
        assertEquals(
                1,
                reader.click("{\"queryId\":\"q\",\"passageId\":\"p\",\"rank\":1,\"user\":\"u\"}")
                        .orElseThrow()
                        .getRank());
        assertEquals(
                new Passage("p1", "", "one"),
                reader.passage("{\"_id\":\"p1\",\"text\":\"one\"}").orElseThrow());
    }

    @Test
    void holdsEveryLineAgainstAFormatThatIsAskedFor() {
        FeedbackReader strict = reader(Optional.of(FeedbackFormat.METARANK));

        assertNames("\"event\"", assertThrows(IllegalArgumentException.class, () -> strict.query(UBI_QUERY)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"query_id\":\"q\",\"query_response_hit_ids\":[\"p\"],\"timestamp\":\"2026-01-31T12:00:00Z\"} | \"user_query\"",
                "{\"query_id\":\"q\",\"user_query\":\"x\",\"query_response_hit_ids\":[\"p\"]} | \"timestamp\"",
                "{\"query_id\":\"q\",\"user_query\":\"x\",\"query_response_hit_ids\":[\"p\"],\"timestamp\":\"31.1.2026\"} | \"timestamp\"",
                "{\"query_id\":\"q\",\"user_query\":\"x\",\"query_response_hit_ids\":[\"p\"],\"timestamp\":\"+300000000-01-01T00:00:00Z\"} | \"timestamp\"",
                "{\"query_id\":\"q\",\"user_query\":\"x\",\"query_response_hit_ids\":\"p\",\"timestamp\":\"2026-01-31T12:00:00Z\"} | \"query_response_hit_ids\"",
                "{\"query_id\":\"q\",\"user_query\":\"x\",\"query_response_hit_ids\":[{}],\"timestamp\":\"2026-01-31T12:00:00Z\"} | \"query_response_hit_ids\"",
                "{\"event\":\"ranking\",\"id\":\"r\",\"timestamp\":\"1\",\"fields\":[{\"name\":\"query\",\"value\":\"x\"}]} | \"items\"",
                "{\"event\":\"ranking\",\"timestamp\":\"1\",\"fields\":[{\"name\":\"query\",\"value\":\"x\"}],\"items\":[{\"id\":\"a\"}]} | \"id\"",
                "{\"event\":7} | \"event\"",
                "{\"_source\":[]} | \"_source\"",
                "{\"event\":\"ranking\" | JSON object"
            })
    void refusesAQueryItCannotUse(String line, String named) {
        assertNames(named, assertThrows(IllegalArgumentException.class, () -> reader.query(line)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"action_name\":\"click\",\"query_id\":\"q\",\"event_attributes\":{\"object\":{\"object_id\":\"p\"}}} | \"client_id\"",
                "{\"action_name\":\"click\",\"query_id\":\"q\",\"client_id\":\"c\",\"event_attributes\":{\"object\":{\"object_id\":\"p\"},\"position\":{\"ordinal\":\"2\"}}} | \"position.ordinal\"",
                "{\"action_name\":\"click\",\"query_id\":\"q\",\"client_id\":\"c\",\"event_attributes\":{\"object\":{\"object_id\":\"p\"}}} | expected a rank",
                "{\"event\":\"interaction\",\"ranking\":\"r\",\"type\":\"click\",\"user\":\"u\"} | \"item\"",
                "{\"event\":\"interaction\",\"ranking\":\"r\",\"type\":\"click\",\"item\":\"i\"} | \"session\"",
                "{\"event\":\"interaction\",\"ranking\":\"r\",\"type\":\"click\",\"item\":\"i\",\"user\":\"u\"} | expected a rank"
            })
    void refusesAClickItCannotUse(String line, String named) {
        assertNames(named, assertThrows(IllegalArgumentException.class, () -> reader.click(line)));
    }

    @Test
    void refusesAnItemWithoutAnyText() {
        String bare = "{\"event\":\"item\",\"item\":\"i\",\"fields\":[{\"name\":\"price\",\"value\":3}]}";

        assertNames("description", assertThrows(IllegalArgumentException.class, () -> reader.passage(bare)));
    }

    private static FeedbackReader reader(Optional<FeedbackFormat> format) {
        return new FeedbackReader(format, Set.of("click", "click_through"), Clock.systemUTC());
    }

    private static void assertNames(String named, IllegalArgumentException e) {
        assertTrue(e.getMessage().contains(named), e.getMessage());
    }
}
