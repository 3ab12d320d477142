package dev.tandem.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class RankingTest {
    @Test
    void ordersByScoreThenByIdDescendingInUtf8() {
        // UTF-16 would put U+1F600 before U+FF5E; UTF-8 does not
        Ranking ranking = new Ranking(List.of(
                new Ranking.Hit("a", 1),
                new Ranking.Hit("\uff5e", 1),
                new Ranking.Hit("\ud83d\ude00", 1),
                new Ranking.Hit("z", 2)));

        assertEquals(List.of("z", "\ud83d\ude00", "\uff5e", "a"), ranking.passageIds());
    }

    @Test
    void tiesZeroWithMinusZero() {
        Ranking ranking =
                new Ranking(List.of(new Ranking.Hit("b", -0.0), new Ranking.Hit("c", 0.0), new Ranking.Hit("a", 0.0)));

        assertEquals(List.of("c", "b", "a"), ranking.passageIds());
    }

    @Test
    void refusesAPassageTwiceAndAScoreThatIsNoNumber() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Ranking(List.of(new Ranking.Hit("a", 1), new Ranking.Hit("a", 2))));
        assertThrows(IllegalArgumentException.class, () -> new Ranking.Hit("a", Double.NaN));
    }
}
