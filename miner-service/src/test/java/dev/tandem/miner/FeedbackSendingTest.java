package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.Topics;
import dev.tandem.miner.FeedbackSending.Receipt;
import dev.tandem.miner.FeedbackSending.RefusedLine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class FeedbackSendingTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final Topics topics = new Topics();
    private final FeedbackRecords records =
            new FeedbackRecords(topics, new FeedbackLines(Clock.fixed(NOW, ZoneOffset.UTC)));
    private final MockProducer<String, byte[]> broker =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());

    @Test
    void sendsPassagesAndTakesThemBack() throws Exception {
        Receipt receipt = send(
                "{\"id\":\"p1\",\"title\":\"t\",\"text\":\"one\"}\n\n{\"_id\":\"p2\",\"text\":\"two\"}\n{\"id\":\"p1\",\"removed\":true}\n",
                records::passage);

        assertEquals(new Receipt(3, 0, 0, List.of(), null), receipt);
        assertEquals("passages", broker.history().get(0).topic());
        assertEquals(
                List.of("p1", "p2", "p1"),
                broker.history().stream().map(ProducerRecord::key).toList());
        assertEquals(
                "two", topics.passages().read(broker.history().get(1).value()).getText());
        assertNull(broker.history().get(2).value());
    }

    @Test
    void keysClicksByTheirQuery() throws Exception {
        send("{\"queryId\":\"i1\",\"passageId\":\"p9\",\"rank\":2,\"user\":\"u\"}", records::click);

        assertEquals("i1", broker.history().get(0).key());
        assertEquals("clicks", broker.history().get(0).topic());
    }

    @Test
    void namesTheLinesItCannotTakeAndTakesTheOthers() throws Exception {
        Receipt receipt = send("""
                {"text":"sort","judgements":{"p1":1}}
                {"text":"sort"
                {"id":"i1","text":"sort","shown":["p1","p1"]}
                {"text":"sort","judgements":{"p1":1},"recordedAt":"1970-01-20T00:00:00Z"}
                {"text":"sort","judgements":{"p1":1},"recordedAt":"2027-03-01T10:00:00Z"}
                """, records::query);

        assertEquals(1, receipt.accepted());
        assertEquals(4, receipt.refused());
        assertEquals(
                List.of(2L, 3L, 4L, 5L),
                receipt.reasons().stream().map(RefusedLine::line).toList());
        assertTrue(receipt.reasons().get(0).reason().startsWith("expected one JSON object"));
        assertTrue(receipt.reasons().get(1).reason().contains("twice"));
        assertTrue(receipt.reasons().get(2).reason().contains("before 2000"));
        assertTrue(receipt.reasons().get(3).reason().contains("sender's clock"));
    }

    @Test
    void countsMoreRefusalsThanItNames() throws Exception {
        Receipt receipt = send("x\n".repeat(250), records::query);

        assertEquals(250, receipt.refused());
        assertEquals(FeedbackSending.MOST_REASONS, receipt.reasons().size());
    }

    @Test
    void refusesALineThatIsTooLongAndGoesOn() throws Exception {
        String huge = "{\"id\":\"p1\",\"text\":\"" + "x".repeat(1 << 20) + "\"}";

        Receipt receipt = send(huge + "\n{\"id\":\"p2\",\"text\":\"two\"}", records::passage);

        assertEquals(1, receipt.accepted());
        assertEquals(1, receipt.refused());
    }

    @Test
    void answersOnlyWhenTheBrokerHasEveryLine() throws Exception {
        String body = IntStream.range(0, 3_000)
                .mapToObj("{\"id\":\"p%d\",\"text\":\"text\"}"::formatted)
                .collect(Collectors.joining("\n"));

        assertEquals(3_000, send(body, records::passage).accepted());
    }

    @Test
    void tellsWhatTheBrokerDidNotTake() throws Exception {
        MockProducer<String, byte[]> failing =
                new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized void flush() {
                        completeNext();
                        errorNext(new TimeoutException("no answer in 15 s"));
                    }
                };
        try (FeedbackSending sending = new FeedbackSending(() -> failing)) {
            Receipt receipt = sending.send(
                    body("{\"id\":\"p1\",\"text\":\"a\"}\n{\"id\":\"p2\",\"text\":\"b\"}"), records::passage);

            assertEquals(1, receipt.accepted());
            assertEquals(1, receipt.undelivered());
            assertTrue(receipt.failure().contains("no answer in 15 s"), receipt.failure());
        }
    }

    private Receipt send(String body, Function<String, ProducerRecord<String, byte[]>> reader)
            throws IOException, InterruptedException {
        return new FeedbackSending(() -> broker).send(body(body), reader);
    }

    private static InputStream body(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }
}
