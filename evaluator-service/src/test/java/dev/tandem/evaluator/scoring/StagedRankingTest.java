package dev.tandem.evaluator.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.evaluator.metric.RankingKind;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.Ranking.Hit;
import java.util.List;
import org.junit.jupiter.api.Test;

class StagedRankingTest {
    private final Ranking retrieved =
            new Ranking(List.of(new Hit("a", 3), new Hit("b", 2), new Hit("c", 1), new Hit("d", 0)));

    @Test
    void ordersTheTopByTheRerankerAndByTheSumOfBoth() {
        StagedRanking staged = StagedRanking.reranked(retrieved, retrieved.top(3), new float[] {-5, 4, 5});

        assertEquals(List.of("a", "b", "c", "d"), ids(staged, RankingKind.RETRIEVER));
        assertEquals(List.of("c", "b", "a"), ids(staged, RankingKind.RERANKER));
        assertEquals(List.of("b", "a", "c"), ids(staged, RankingKind.FUSED));
    }

    @Test
    void leavesTheRetrieversOrderWhereTheRerankerSeesNoDifference() {
        StagedRanking staged = StagedRanking.reranked(retrieved, retrieved.top(3), new float[] {1, 1, 1});

        assertEquals(List.of("a", "b", "c"), ids(staged, RankingKind.FUSED));
    }

    @Test
    void standardisesToMeanZeroAndDeviationOne() {
        assertArrayEquals(new double[] {1, -1}, StagedRanking.standardised(new double[] {7, 3}), 1e-12);
        assertArrayEquals(new double[] {0, 0}, StagedRanking.standardised(new double[] {7, 7}), 0);
    }

    private static List<String> ids(StagedRanking staged, RankingKind kind) {
        return staged.stages().get(kind).passageIds();
    }
}
