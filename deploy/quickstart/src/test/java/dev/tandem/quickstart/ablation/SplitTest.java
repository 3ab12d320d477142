package dev.tandem.quickstart.ablation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.quickstart.corpus.Corpus;
import dev.tandem.quickstart.corpus.JudgedQuery;
import dev.tandem.quickstart.corpus.SmallCorpus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SplitTest {
    private static final Corpus CORPUS = SmallCorpus.of(600, 100, 1);

    @Test
    void testMeasuresTheHeldOutQueries() {
        Corpus split = Split.TEST.of(CORPUS);

        assertEquals(CORPUS, split);
    }

    @Test
    void devMeasuresATenthOfTheTrainingQueriesAndDoesNotTrainOnThem() {
        Corpus split = Split.DEV.of(CORPUS);

        assertTrue(
                split.heldOut().size() > 25 && split.heldOut().size() < 75,
                "of 500, got " + split.heldOut().size());
        assertTrue(CORPUS.train().containsAll(split.heldOut()));
        assertEquals(500, split.train().size() + split.heldOut().size());
        Set<JudgedQuery> both = new HashSet<>(split.train());
        both.retainAll(split.heldOut());
        assertEquals(Set.of(), both);
    }

    @Test
    void devIsTheSameTenthWhateverElseIsThere() {
        List<JudgedQuery> fewer = CORPUS.train().subList(0, 250);

        Corpus split = Split.DEV.of(new Corpus(CORPUS.passages(), fewer, CORPUS.heldOut()));

        List<JudgedQuery> expected =
                Split.DEV.of(CORPUS).heldOut().stream().filter(fewer::contains).toList();
        assertEquals(expected, split.heldOut());
    }

    @Test
    void aTextThatIsMeasuredIsNotTrainedOnUnderAnotherId() {
        JudgedQuery measured = CORPUS.heldOut().get(0);
        List<JudgedQuery> train = new ArrayList<>(CORPUS.train());
        train.add(new JudgedQuery("again", measured.text().toUpperCase(java.util.Locale.ROOT), Map.of("p0001", 1)));

        Corpus split = Split.TEST.of(new Corpus(CORPUS.passages(), train, CORPUS.heldOut()));

        assertEquals(CORPUS.train(), split.train());
    }
}
