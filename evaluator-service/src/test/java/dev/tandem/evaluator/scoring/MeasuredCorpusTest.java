package dev.tandem.evaluator.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.evaluator.metric.Scorecard;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.QueryKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MeasuredCorpusTest {
    private static final int PASSAGES = 100;
    private static final HeldOutQuery QUERY =
            new HeldOutQuery(QueryKey.of("apple 7"), "apple 7", Map.of("p7", 1, "p8", 0), false);

    private final Corpus corpus = new Corpus();
    private final HeldOutQueries heldOut = new HeldOutQueries();
    private final WordSearch words = new WordSearch();

    @BeforeEach
    void publish() {
        for (int i = 0; i < PASSAGES; i++) {
            corpus.put(new Passage("p" + i, "apple", "number " + i));
        }
        heldOut.put(QUERY);
    }

    @AfterEach
    void close() {
        words.close();
    }

    @Test
    void isTheWholeCorpusWithTheSameMetricsWhereThePoolIsAsLarge() {
        Scorecard whole = scoresOfBm25(0);
        for (int size : new int[] {PASSAGES, PASSAGES + 1}) {
            try (MeasuredCorpus measured = measured(size)) {
                Corpus.Snapshot chosen = measured.choose(heldOut.snapshot(), Optional.empty());

                assertSame(corpus.snapshot(), chosen);
                assertFalse(measured.isPool(chosen));
                assertSame(words, measured.words(chosen));
            }
            assertEquals(whole, scoresOfBm25(size));
        }
    }

    private Scorecard scoresOfBm25(int size) {
        try (MeasuredCorpus measured = measured(size)) {
            Corpus.Snapshot chosen = measured.choose(heldOut.snapshot(), Optional.empty());
            return new Measuring().of(measured.words(chosen), chosen, List.of(QUERY));
        }
    }

    @Test
    void staysBetweenComparisonsAndIsChosenAnewForTheNext() {
        try (MeasuredCorpus measured = measured(20)) {
            Corpus.Snapshot first = measured.choose(heldOut.snapshot(), Optional.empty());
            corpus.put(new Passage("p200", "apple", "number 7 7 7 7"));

            assertTrue(measured.isPool(first));
            assertEquals(20, first.passages().size());
            assertTrue(first.passages().keySet().containsAll(List.of("p7", "p8")));
            assertSame(first, measured.latest());
            Corpus.Snapshot second = measured.choose(heldOut.snapshot(), Optional.empty());
            assertTrue(second.passages().containsKey("p200"), "BM25 finds it");
            assertEquals(20, second.passages().size());
            assertNotEquals(first.version(), second.version());
            assertSame(second, measured.choose(heldOut.snapshot(), Optional.empty()));
        }
    }

    @Test
    void givesWayToTheWholeCorpusOnceThatIsSmallEnough() {
        try (MeasuredCorpus measured = measured(PASSAGES - 1)) {
            assertTrue(measured.isPool(measured.latest()));
            corpus.remove("p50");

            assertSame(corpus.snapshot(), measured.latest());
        }
    }

    @Test
    void ranksBm25WithinThePool() {
        try (MeasuredCorpus measured = measured(5)) {
            Corpus.Snapshot pool = measured.choose(heldOut.snapshot(), Optional.empty());
            WordSearch inPool = measured.words(pool);
            inPool.sync(pool);

            assertEquals(5, inPool.search("apple", PASSAGES).size());
            assertEquals(PASSAGES, words.search("apple", 2 * PASSAGES).size());
        }
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThrows(IllegalArgumentException.class, () -> measured(-1));
        assertThrows(IllegalArgumentException.class, () -> new MeasuredCorpus(corpus, heldOut, words, 10, 1_001));
    }

    private MeasuredCorpus measured(int size) {
        return new MeasuredCorpus(corpus, heldOut, words, size, 3);
    }
}
