package dev.tandem.miner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.Judgement;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.retrieval.line.JsonLine;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedbackLinesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final FeedbackLines lines = new FeedbackLines(Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void readsALabelledQuery() {
        QueryRecorded query = lines.query(
                JsonLine.of("{\"text\": \"sort a list\", \"judgements\": {\"p1\": 1}, \"use\": \"train\"}"));

        assertEquals("sort a list", query.getText());
        assertEquals(List.of(new Judgement("p1", 1)), query.getJudgements());
        assertEquals(QueryUse.TRAIN, query.getUse());
        assertEquals(NOW, query.getRecordedAt());
    }

    @Test
    void readsAnImpression() {
        QueryRecorded query = lines.query(
                JsonLine.of(
                        "{\"id\":\"i1\",\"text\":\"sort\",\"shown\":[\"p4\",\"p9\"],\"servedBy\":\"bm25\",\"user\":\"u\",\"recordedAt\":\"2026-02-01T00:00:00Z\"}"));

        assertEquals("i1", query.getId());
        assertEquals(List.of("p4", "p9"), query.getShown());
        assertEquals("bm25", query.getServedBy());
        assertEquals(Instant.parse("2026-02-01T00:00:00Z"), query.getRecordedAt());
        assertEquals(QueryUse.BY_HASH, query.getUse());
    }

    @Test
    void aClickSentTwiceHasOneId() {
        String line = "{\"queryId\":\"i1\",\"passageId\":\"p9\",\"rank\":2,\"dwellMillis\":41000,\"user\":\"u\"}";

        ClickRecorded click = lines.click(JsonLine.of(line));

        assertEquals(click.getEventId(), lines.click(JsonLine.of(line)).getEventId());
        assertEquals(2, click.getRank());
        assertEquals(41_000L, click.getDwellMillis());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"text\":\"x\"} | nothing can be learned",
                "{\"judgements\":{\"p\":1}} | \"text\"",
                "{\"text\":\"  \",\"judgements\":{\"p\":1}} | \"text\"",
                "{\"text\":\"x\",\"judgements\":{\"p\":\"1\"}} | grade of p",
                "{\"text\":\"x\",\"judgements\":{\"p\":-1}} | grade of p",
                "{\"text\":\"x\",\"judgements\":[1]} | \"judgements\"",
                "{\"text\":\"x\",\"shown\":[1]} | \"shown\"",
                "{\"text\":\"x\",\"judgements\":{\"p\":1},\"use\":\"test\"} | \"use\"",
                "{\"text\":\"x\",\"judgements\":{\"p\":1},\"recordedAt\":\"yesterday\"} | \"recordedAt\"",
                "{\"text\":\"x\",\"text\":\"y\",\"judgements\":{\"p\":1}} | JSON object",
                "[] | JSON object",
                "{ | JSON object",
                "{\"text\":\"x\",\"judgements\":{\"p\":1},\"recordedAt\":\"2026-03-02T10:00:01Z\"} | more than a day ahead",
                "{\"text\":\"x\",\"judgements\":{\"p\":1},\"recordedAt\":\"+300000000-01-01T00:00:00Z\"} | \"recordedAt\"",
                "{\"text\":\"x\",\"judgements\":{\"p\":1},\"recordedAt\":\"-300000000-01-01T00:00:00Z\"} | \"recordedAt\"",
                "{\"text\":\"x\",\"judgements\":{\"p\":1},\"recordedAt\":99999999999999999999} | \"recordedAt\""
            })
    void refusesAQueryItCannotUse(String line, String named) {
        assertNames(named, assertThrows(IllegalArgumentException.class, () -> lines.query(JsonLine.of(line))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"passageId\":\"p\",\"rank\":1,\"user\":\"u\"} | \"queryId\"",
                "{\"queryId\":\"q\",\"rank\":1,\"user\":\"u\"} | \"passageId\"",
                "{\"queryId\":\"q\",\"passageId\":\"p\",\"rank\":0,\"user\":\"u\"} | \"rank\"",
                "{\"queryId\":\"q\",\"passageId\":\"p\",\"rank\":1.5,\"user\":\"u\"} | \"rank\"",
                "{\"queryId\":\"q\",\"passageId\":\"p\",\"rank\":1} | \"user\"",
                "{\"queryId\":\"q\",\"passageId\":\"p\",\"rank\":1,\"user\":\"u\",\"dwellMillis\":-5} | \"dwellMillis\""
            })
    void refusesAClickItCannotUse(String line, String named) {
        assertNames(named, assertThrows(IllegalArgumentException.class, () -> lines.click(JsonLine.of(line))));
    }

    private static void assertNames(String named, IllegalArgumentException e) {
        assertTrue(e.getMessage().contains(named), e.getMessage());
    }
}
