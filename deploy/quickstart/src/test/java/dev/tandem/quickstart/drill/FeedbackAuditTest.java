package dev.tandem.quickstart.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.events.ClickRecorded;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.Label;
import dev.tandem.events.LabelSource;
import dev.tandem.events.LabelledQuery;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.Topics;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An audit that cannot find anything wrong is worth nothing: each promise is broken once. */
class FeedbackAuditTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final Topics topics = new Topics();
    private final Books books = new Books();
    private final Ledger ledger = new Ledger();
    private final ObjectNode miner = new JsonMapper().createObjectNode();

    @BeforeEach
    void sendOneOfEach() {
        ledger.during(FaultKind.KILL_MINER);
        ledger.judges("judged", new Ledger.Judged("key", "p1", false));
        stands("queries", 0, "judged", topics.queries().write(query("judged", List.of())));
        stands("queries", 1, "visit", topics.queries().write(query("visit", List.of("p1"))));
        stands("clicks", 0, "visit", topics.clicks().write(click()));
        ledger.poisons("poison");
        stands("queries", 2, "poison", new byte[] {1});
        miner.putObject("impressions").put("counted", 1);
        miner.putObject("clicks").put("accepted", 1);
    }

    @Test
    void findsNothingWrongWhereAllIsWell() {
        label();
        refuse(1);

        assertEquals(List.of(), wrong());
    }

    @Test
    void findsALostLabelAndNamesTheFault() {
        refuse(1);

        FeedbackAudit audit = new FeedbackAudit(books, ledger, miner);
        audit.checks();
        assertEquals(
                List.of(FaultKind.KILL_MINER),
                audit.lost().stream().map(Ledger.Entry::during).toList());
    }

    @Test
    void findsPoisonThatWasNotRefusedAndALetterWrittenTwice() {
        label();
        assertEquals(List.of("poison is in the dead letters, from each reader"), wrong());

        refuse(2);
        assertEquals(List.of("the miner has written each dead letter once"), wrong());
    }

    @Test
    void findsAnImpressionCountedTwiceAndAClickThatIsGone() {
        label();
        refuse(1);
        miner.putObject("impressions").put("counted", 2);
        miner.putObject("clicks").put("accepted", 0);

        assertEquals(List.of("impressions are counted once", "clicks are counted once"), wrong());
    }

    @Test
    void findsAnEventThatTheBrokerTookAndHasNoLonger() {
        label();
        refuse(1);
        ledger.taken("gone", new RecordMetadata(new TopicPartition("clicks", 1), 5, 0, 0, 0, 0));

        assertEquals(List.of("events taken by the broker stand on their topics"), wrong());
        assertTrue(ledger.size() > 4);
    }

    private List<String> wrong() {
        return new FeedbackAudit(books, ledger, miner)
                .checks().stream()
                        .filter(check -> !check.holds())
                        .map(Check::what)
                        .toList();
    }

    private void stands(String topic, long offset, String key, byte[] value) {
        ledger.taken(key, new RecordMetadata(new TopicPartition(topic, 0), offset, 0, 0, 0, 0));
        books.learn(new ConsumerRecord<>(topic, 0, offset, key.getBytes(UTF_8), value));
    }

    private void label() {
        LabelledQuery labelled = LabelledQuery.newBuilder()
                .setQueryKey("key")
                .setQueryId("judged")
                .setText("text")
                .setLabels(List.of(new Label("p1", 1, LabelSource.JUDGED)))
                .setHeldOut(false)
                .setFreshestFeedbackAt(NOW)
                .build();
        books.learn(new ConsumerRecord<>(
                "labelled-queries",
                0,
                0,
                "key".getBytes(UTF_8),
                topics.labelledQueries().write(labelled)));
    }

    private void refuse(int times) {
        ConsumerRecord<byte[], byte[]> poison =
                new ConsumerRecord<>("queries", 0, 2, "poison".getBytes(UTF_8), new byte[] {1});
        ProducerRecord<byte[], byte[]> letter = DeadLetters.of(poison, "miner", "no event");
        for (int i = 0; i < times; i++) {
            ConsumerRecord<byte[], byte[]> written =
                    new ConsumerRecord<>(DeadLetters.TOPIC, 0, i, letter.key(), letter.value());
            letter.headers().forEach(written.headers()::add);
            books.learn(written);
        }
    }

    private static QueryRecorded query(String id, List<String> shown) {
        return QueryRecorded.newBuilder()
                .setId(id)
                .setText("text")
                .setRecordedAt(NOW)
                .setShown(shown)
                .build();
    }

    private static ClickRecorded click() {
        return ClickRecorded.newBuilder()
                .setEventId("click")
                .setQueryId("visit")
                .setPassageId("p1")
                .setRank(1)
                .setUser("user")
                .setClickedAt(NOW)
                .build();
    }
}
