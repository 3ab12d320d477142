package dev.tandem.quickstart.clicks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.events.Topics;
import dev.tandem.miner.simulation.UserModel;
import dev.tandem.quickstart.clicks.ClickSimulation.Answer;
import dev.tandem.quickstart.corpus.JudgedQuery;
import dev.tandem.quickstart.feed.EventFeed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class ClickSimulationTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final JudgedQuery QUERY = new JudgedQuery("q1", "sort a list", Map.of("p2", 1));
    private static final UserModel SURE = new UserModel(0, 1, 0, Duration.ofSeconds(60), Duration.ofSeconds(5));

    private final Topics topics = new Topics();
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());

    @Test
    void recordsWhatWasShownToWhomByWhom() {
        simulation(text -> Optional.of(new Answer("bm25", List.of("p1", "p2")))).next();

        List<QueryRecorded> impressions =
                sent("queries").stream().map(topics.queries()::read).toList();
        assertEquals(3, impressions.size());
        assertEquals(
                3, impressions.stream().map(QueryRecorded::getUser).distinct().count());
        for (QueryRecorded impression : impressions) {
            assertEquals(List.of("p1", "p2"), impression.getShown());
            assertEquals("bm25", impression.getServedBy());
            assertEquals(List.of(), impression.getJudgements());
            assertEquals(QueryUse.TRAIN, impression.getUse());
            assertTrue(impression.getUser().startsWith("simulated-"));
            assertFalse(impression.getRecordedAt().isAfter(NOW));
        }
    }

    @Test
    void clicksBelongToTheirImpression() {
        simulation(text -> Optional.of(new Answer("bm25", List.of("p1", "p2")))).next();

        Map<String, QueryRecorded> impressions = sent("queries").stream()
                .map(topics.queries()::read)
                .collect(Collectors.toMap(QueryRecorded::getId, impression -> impression));
        List<ClickRecorded> clicks =
                sent("clicks").stream().map(topics.clicks()::read).toList();
        assertEquals(3, clicks.size());
        for (ClickRecorded click : clicks) {
            assertEquals("p2", click.getPassageId());
            assertEquals(2, click.getRank());
            assertEquals(impressions.get(click.getQueryId()).getUser(), click.getUser());
            assertFalse(click.getClickedAt().isAfter(NOW));
        }
    }

    @Test
    void asksAgainLaterWhenTheSystemDoesNotAnswer() {
        ClickSimulation simulation = simulation(text -> Optional.empty());

        simulation.next();

        assertFalse(simulation.isOver());
        assertEquals(List.of(), producer.history());
    }

    private ClickSimulation simulation(Function<String, Optional<Answer>> search) {
        return new ClickSimulation(
                SURE, List.of(QUERY), 3, search, new EventFeed(producer), Clock.fixed(NOW, ZoneOffset.UTC), 1);
    }

    private List<byte[]> sent(String topic) {
        return producer.history().stream()
                .filter(record -> record.topic().equals(topic))
                .map(record -> record.value())
                .toList();
    }
}
