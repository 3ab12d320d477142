package dev.tandem.evaluator.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.evaluator.metric.Scorecard.Measured;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScorecardTest {
    private static final Measured MRR = new Measured(RankingKind.RETRIEVER, Metric.parse("mrr@10"));

    @Test
    void givesValuesInTheOrderOfTheQueries() {
        Scorecard card = new Scorecard(new TreeMap<>(Map.of("b", Map.of(MRR, 0.5), "a", Map.of(MRR, 1.0))));

        assertArrayEquals(new double[] {1.0, 0.5}, card.values(MRR));
        assertEquals(0.75, card.mean(MRR));
        assertEquals(1.0, card.only(List.of("a", "unknown")).mean(MRR));
    }

    @Test
    void refusesQueriesMeasuredByDifferentThings() {
        Measured recall = new Measured(RankingKind.RETRIEVER, Metric.parse("recall@50"));

        assertThrows(
                IllegalArgumentException.class,
                () -> new Scorecard(new TreeMap<>(Map.of("a", Map.of(MRR, 1.0), "b", Map.of(recall, 1.0)))));
    }
}
