package dev.tandem.miner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.miner.state.Impression;
import dev.tandem.miner.state.Impressions;
import dev.tandem.miner.state.StatedUse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecentImpressionsTest {
    private static final JoinWindow WINDOW = new JoinWindow(Duration.ofMinutes(30), Duration.ofMinutes(5));
    private static final long BEGIN = WINDOW.period(1_772_366_400_000L);

    private RecentImpressions impressions;

    private TopologyTestDriver driver;

    @BeforeEach
    void openStore() {
        Topology topology = new Topology()
                .addSource("events", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "events")
                .addProcessor("nothing", NoOp::new, "events")
                .addStateStore(
                        Stores.windowStoreBuilder(
                                Stores.inMemoryWindowStore(
                                        "impressions", WINDOW.retention().multipliedBy(2), Duration.ofMillis(1), false),
                                Serdes.String(),
                                StateSerde.of(Impressions.class)),
                        "nothing");
        driver = new TopologyTestDriver(topology);
        impressions = new RecentImpressions(driver.getWindowStore("impressions"), WINDOW);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void findsTheNewestNotLaterThanClocksDiffer() {
        add("q", BEGIN - 10_000, "p1");
        add("q", BEGIN + 10_000, "p2");
        add("q", BEGIN + 100_000, "p3");
        add("other", BEGIN + 20_000, "p4");

        assertEquals(Optional.of("p1"), shownTo("q", BEGIN - 60_000));
        assertEquals(Optional.of("p2"), shownTo("q", BEGIN));
        assertEquals(Optional.of("p3"), shownTo("q", BEGIN + 40_000));
        assertEquals(Optional.empty(), shownTo("q", BEGIN - 80_000));
        assertEquals(
                Optional.empty(),
                shownTo("q", BEGIN + 100_001 + WINDOW.retention().toMillis()));
    }

    @Test
    void knowsAnIdAsFarAwayAsAnyIsKept() {
        long retention = WINDOW.retention().toMillis();
        assertFalse(isNewBeside(0, "at the same time"));
        assertFalse(isNewBeside(-retention, "before"));
        assertFalse(isNewBeside(retention, "after"));
        assertTrue(isNewBeside(-retention - 1, "too long before"));
        assertTrue(isNewBeside(retention + 1, "too long after"));
    }

    @Test
    void forgetsTheOldestOfAnIdThatIsUsedAgainAndAgain() {
        IntStream.range(0, 20).forEach(i -> add("q", BEGIN + i * 100_000L, "p" + i));

        assertEquals(Optional.of("p19"), shownTo("q", BEGIN + 19 * 100_000L));
        assertEquals(Optional.of("p12"), shownTo("q", BEGIN + 12 * 100_000L));
        assertEquals(Optional.empty(), shownTo("q", BEGIN + 11 * 100_000L));
    }

    @Test
    void forgetsTheOldestBeforeARecordGetsTooLarge() {
        String longId = "p".repeat(400_000);
        IntStream.range(0, 4).forEach(i -> add("q", BEGIN + i * 100_000L, i + longId));

        assertEquals(Optional.of(2 + longId), shownTo("q", BEGIN + 200_000));
        assertEquals(Optional.empty(), shownTo("q", BEGIN + 100_000));
    }

    /** Whether one is new that comes so much later than another of its id. */
    private boolean isNewBeside(long later, String queryId) {
        add(queryId, BEGIN + 5, "p1");
        return add(queryId, BEGIN + 5 + later, "p2");
    }

    private boolean add(String queryId, long recordedAt, String shown) {
        return impressions.add(queryId, new Impression("text", StatedUse.TRAIN, recordedAt, List.of(shown)));
    }

    private Optional<String> shownTo(String queryId, long clickedAt) {
        return impressions
                .newest(queryId, clickedAt)
                .map(impression -> impression.getShown().get(0));
    }

    private static final class NoOp implements Processor<Object, Object, Object, Object> {
        @Override
        public void process(Record<Object, Object> event) {}
    }
}
