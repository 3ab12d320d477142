package dev.tandem.miner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.Label;
import dev.tandem.events.LabelSource;
import dev.tandem.events.LabelledQuery;
import dev.tandem.miner.LabelBook.Entry;
import dev.tandem.miner.MiningPosition.Mark;
import dev.tandem.retrieval.QueryKey;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LabelBookTest {
    private final LabelBook book = new LabelBook();

    @Test
    void givesNewLabelsInTheOrderTheyCameAndOnlyTheNewestOfAQuery() {
        book.assign(0, 0, MiningPosition.start("bm25"));
        put("a", 1, 0);
        put("b", 2, 1);
        put("a", 3, 2);

        assertEquals(List.of("b", "a"), texts(book.nextFresh(10)));
        assertFalse(book.hasFresh());
        assertEquals(OptionalLong.empty(), book.firstUnmined(0));
    }

    @Test
    void neverGivesAHeldOutQuery() {
        book.assign(0, 0, MiningPosition.start("bm25"));
        put("a", 1, 0);
        book.put(labelled("a", 2, true), 0, 1);
        book.put(labelled("b", 3, true), 0, 2);

        book.planRemining("step-1");

        assertEquals(List.of(), book.nextFresh(10));
        assertEquals(List.of(), book.nextRemined(10));
        assertEquals(2, book.size());
        assertEquals(0, book.training());
    }

    @Test
    void commitsUpToTheFirstLabelThatIsNotMined() {
        book.assign(0, 0, MiningPosition.start("bm25"));
        put("a", 1, 5);
        put("b", 2, 9);

        assertEquals(OptionalLong.of(5), book.firstUnmined(0));
        book.nextFresh(1);
        assertEquals(OptionalLong.of(9), book.firstUnmined(0));
    }

    @Test
    void minesAllAgainAfterAPromotionNewestFeedbackFirst() {
        book.assign(0, 3, MiningPosition.start("bm25"));
        put("a", 10, 0);
        put("b", 30, 1);
        put("c", 20, 2);
        put("new", 5, 3);

        book.planRemining("step-1");

        assertEquals(3, book.planned());
        assertEquals(List.of("b", "c"), again(2));
        assertEquals(1, book.remaining());
        assertEquals(List.of("new"), texts(book.nextFresh(10)));
        assertEquals(List.of("a"), again(2));
        assertEquals(new MiningPosition("step-1", Mark.ALL, false, 0), book.position(0));
    }

    @Test
    void goesOnWhereTheLastRunStopped() {
        MiningPosition stopped = new MiningPosition("step-1", Mark.of(key("b"), Instant.ofEpochMilli(30)), false, 7);
        book.assign(0, 3, stopped);
        put("a", 10, 0);
        put("b", 30, 1);
        put("c", 20, 2);

        book.planRemining("step-1");

        assertEquals(List.of("c", "a"), again(10));
        assertEquals(7, book.lists());
    }

    @Test
    void minesNothingAgainWhenTheLastRunHadFinished() {
        book.assign(0, 1, new MiningPosition("step-1", Mark.ALL, false, 2));
        put("a", 10, 0);

        book.planRemining("step-1");

        assertEquals(List.of(), again(10));
    }

    @Test
    void startsOverForANewerPromotion() {
        book.assign(0, 2, MiningPosition.start("bm25"));
        put("a", 10, 0);
        put("b", 30, 1);
        book.planRemining("step-1");
        again(1);

        book.planRemining("step-2");

        assertEquals(List.of("b", "a"), again(10));
        assertEquals("step-2", book.position(0).minedBy());
    }

    @Test
    void givesALabelAgainWhenThePositiveItWaitedForArrives() {
        book.assign(0, 0, MiningPosition.start("bm25"));
        put("a", 1, 0);
        Entry entry = book.nextFresh(1).get(0);
        book.await(entry, List.of("p1", "p2"));
        assertTrue(book.position(0).hasWaiting());

        book.arrived("p2");

        assertEquals(List.of("a"), texts(book.nextFresh(10)));
    }

    @Test
    void triesAgainAfterARestartWhatWasWaiting() {
        book.assign(0, 1, new MiningPosition("bm25", Mark.ALL, true, 0));
        put("a", 10, 0);

        book.planRemining("bm25");

        assertEquals(List.of("a"), again(10));
    }

    @Test
    void forgetsAPartitionItNoLongerOwns() {
        book.assign(0, 0, MiningPosition.start("bm25"));
        book.assign(1, 0, MiningPosition.start("bm25"));
        put("a", 1, 0);
        book.put(labelled("b", 1, false), 1, 0);

        book.revoke(0);

        assertEquals(List.of("b"), texts(book.nextFresh(10)));
        assertEquals(1, book.size());
    }

    private List<String> again(int most) {
        List<Entry> entries = book.nextRemined(most);
        book.remined(entries);
        return texts(entries);
    }

    private void put(String text, long freshestAt, long offset) {
        book.put(labelled(text, freshestAt, false), 0, offset);
    }

    private static LabelledQuery labelled(String text, long freshestAt, boolean heldOut) {
        return new LabelledQuery(
                key(text),
                "id of " + text,
                text,
                List.of(new Label("p1", 1, LabelSource.JUDGED)),
                heldOut,
                Instant.ofEpochMilli(freshestAt));
    }

    private static String key(String text) {
        return QueryKey.of(text).value();
    }

    private static List<String> texts(List<Entry> entries) {
        return entries.stream().map(entry -> entry.labelled().getText()).toList();
    }
}
