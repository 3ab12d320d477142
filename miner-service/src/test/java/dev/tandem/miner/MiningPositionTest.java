package dev.tandem.miner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.miner.MiningPosition.Mark;
import dev.tandem.retrieval.QueryKey;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MiningPositionTest {
    private static final Mark MARK = Mark.of(QueryKey.of("a").value(), Instant.ofEpochMilli(1_700_000_000_123L));

    @Test
    void readsWhatItWrote() {
        for (Mark mark : new Mark[] {Mark.NONE, Mark.ALL, MARK}) {
            MiningPosition position = new MiningPosition("step-10", mark, true, 42);

            assertEquals(position, MiningPosition.read(position.written(), "bm25"));
        }
    }

    @Test
    void startsOverWhereTheMetadataIsOfAnotherMake() {
        assertEquals(new MiningPosition("bm25", Mark.NONE, false, 0), MiningPosition.read("", "bm25"));
    }

    @Test
    void ordersNewestFeedbackFirst() {
        Mark newer = Mark.of(QueryKey.of("b").value(), Instant.ofEpochMilli(1_700_000_000_124L));

        assertTrue(newer.compareTo(MARK) < 0);
        assertTrue(Mark.NONE.compareTo(newer) < 0);
        assertTrue(Mark.ALL.compareTo(MARK) > 0);
    }
}
