package dev.tandem.miner.denoising;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.retrieval.Ranking;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DenoisingTest {
    private final Denoising denoising = Denoising.ofRocketQa();
    private final Ranking ranking = new Ranking(List.of(
            new Ranking.Hit("a", 4), new Ranking.Hit("b", 3), new Ranking.Hit("c", 2), new Ranking.Hit("d", 1)));

    @Test
    void turnsALogitIntoARelevance() {
        assertEquals(0.5f, Denoising.relevance(0f));
        assertEquals(0.8808f, Denoising.relevance(2f), 1e-4f);
        assertEquals(0f, Denoising.relevance(-200f));
    }

    @Test
    void confirmsNegativesBelowTheThresholdAmongThoseScored() {
        Map<String, Float> relevance = Map.of("a", 0.09f, "b", 0.1f, "c", 0.01f);

        List<Ranking.Hit> negatives = denoising.negatives(ranking, relevance, Set.of("c"));

        assertEquals(
                List.of("a"), negatives.stream().map(Ranking.Hit::passageId).toList());
    }

    @Test
    void takesNothingForPositiveThatIsLessRelevantThanTheLabelledPositive() {
        Map<String, Float> relevance = Map.of("a", 0.95f, "b", 0.99f, "c", 0.97f);

        List<Ranking.Hit> positives = denoising.pseudoPositives(ranking, relevance, Set.of("c"), Set.of("c"));

        assertEquals(
                List.of("b"), positives.stream().map(Ranking.Hit::passageId).toList());
    }

    @Test
    void refusesThresholdsThatCross() {
        assertThrows(IllegalArgumentException.class, () -> new Denoising(0.9, 0.1));
    }
}
