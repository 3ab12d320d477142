package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.Judgement;
import dev.tandem.events.LabelledQuery;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.events.Topics;
import dev.tandem.miner.LabelBook.Entry;
import dev.tandem.miner.label.ClickCurve;
import dev.tandem.miner.label.ClickPolicy;
import dev.tandem.retrieval.QueryKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever comes in whatever order: what is held out is never given to the mining, from the first event to the last. */
class HeldOutTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final double HELD_OUT_SHARE = 0.3;
    private static final int TEXTS = 12;
    private static final int EVENTS = 200;

    @TempDir
    private Path directory;

    private final Topics topics = new Topics();
    private final Random random = new Random(1);
    private final LabelBook book = new LabelBook();
    private final Set<String> heldOutByEvents = new HashSet<>();
    private final Map<String, QueryRecorded> impressions = new HashMap<>();
    private final Set<String> mined = new HashSet<>();
    private long offset;

    @Test
    void isNeverMined() {
        book.assign(0, 0, MiningPosition.start("bm25"));
        ClickPolicy policy = new ClickPolicy(1, Duration.ZERO, 5, new ClickCurve(0.3, 0.7), 0, 0.95);
        MinerTopology topology = new MinerTopology(
                topics,
                new JoinWindow(Duration.ofMinutes(30), Duration.ofMinutes(5)),
                new LabelRules(policy, HELD_OUT_SHARE, 1),
                new FeedbackCounts());
        try (TopologyTestDriver driver = new TopologyTestDriver(topology.build(), properties(), NOON)) {
            TestInputTopic<byte[], byte[]> queries =
                    driver.createInputTopic("queries", new ByteArraySerializer(), new ByteArraySerializer());
            TestInputTopic<byte[], byte[]> clicks =
                    driver.createInputTopic("clicks", new ByteArraySerializer(), new ByteArraySerializer());
            var labelled = driver.createOutputTopic(
                    "labelled-queries",
                    new StringDeserializer(),
                    topics.labelledQueries().serde().deserializer());
            for (int i = 0; i < EVENTS; i++) {
                if (random.nextInt(3) > 0 || impressions.isEmpty()) {
                    QueryRecorded query = query("q" + i);
                    queries.pipeInput(
                            query.getId().getBytes(UTF_8), topics.queries().write(query), NOON);
                } else {
                    ClickRecorded click = click("c" + i);
                    clicks.pipeInput(
                            click.getQueryId().getBytes(UTF_8), topics.clicks().write(click), NOON);
                }
                labelled.readValuesToList().forEach(this::learn);
                mineSome();
            }
        }
        assertTrue(mined.size() > 2, mined.size() + " texts mined");
        assertFalse(heldOutByEvents.isEmpty());
    }

    /** A judgement, an impression or both; a few say that their text is a team's test query. */
    private QueryRecorded query(String id) {
        String text = (random.nextBoolean() ? "Query  number %d" : "query number %d").formatted(random.nextInt(TEXTS));
        QueryUse use = random.nextInt(25) == 0
                ? QueryUse.HELD_OUT
                : random.nextInt(5) == 0 ? QueryUse.TRAIN : QueryUse.BY_HASH;
        List<Judgement> judged = random.nextBoolean() ? List.of(new Judgement("p" + random.nextInt(5), 1)) : List.of();
        QueryRecorded query =
                new QueryRecorded(id, text, NOON, judged, List.of("p0", "p1", "p2"), "bm25", "user" + id, use);
        impressions.put(id, query);
        if (use == QueryUse.HELD_OUT) {
            heldOutByEvents.add(QueryKey.of(text).value());
        }
        return query;
    }

    private ClickRecorded click(String eventId) {
        List<String> ids = new ArrayList<>(impressions.keySet());
        QueryRecorded query = impressions.get(ids.get(random.nextInt(ids.size())));
        return new ClickRecorded(
                eventId, query.getId(), "p" + random.nextInt(3), 1, null, query.getUser(), NOON.plusSeconds(1));
    }

    private void learn(LabelledQuery query) {
        QueryKey key = new QueryKey(query.getQueryKey());
        assertEquals(QueryKey.of(query.getText()), key);
        assertTrue(query.getHeldOut() || !heldOutByEvents.contains(key.value()), "once held out, always held out");
        book.put(query, 0, offset++);
    }

    private void mineSome() {
        if (random.nextInt(50) == 0) {
            book.planRemining("step-" + offset);
        }
        List<Entry> entries = new ArrayList<>(book.nextFresh(1 + random.nextInt(3)));
        List<Entry> again = book.nextRemined(1 + random.nextInt(3));
        book.remined(again);
        entries.addAll(again);
        for (Entry entry : entries) {
            assertFalse(entry.labelled().getHeldOut());
            assertFalse(
                    heldOutByEvents.contains(entry.labelled().getQueryKey()),
                    entry.labelled().getText());
            mined.add(entry.labelled().getQueryKey());
        }
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "held-out");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        return properties;
    }
}
