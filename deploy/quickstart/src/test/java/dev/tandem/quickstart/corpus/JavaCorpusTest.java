package dev.tandem.quickstart.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.QueryKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** On the real source jars, and on small ones made here. */
@TestInstance(Lifecycle.PER_CLASS)
class JavaCorpusTest {
    private static final String HELD_OUT_CLASS = classThatIs(true);
    private static final String TRAINING_CLASS = classThatIs(false);

    private final JavaCorpus.Built built = JavaCorpus.build();
    private final Corpus corpus = built.corpus();

    @Test
    void isAsLargeAsTheReadmeSays() {
        assertBetween(11_500, 13_000, corpus.passages().size());
        assertBetween(8_500, 9_300, corpus.train().size());
        assertBetween(700, 900, corpus.heldOut().size());
        assertTrue(built.unreadableFiles() < 10, "files that do not parse: " + built.unreadableFiles());
    }

    @Test
    void noHeldOutPositiveIsATrainingPositive() {
        Map<String, String> texts = new HashMap<>();
        corpus.passages().forEach(passage -> texts.put(passage.id(), passage.text()));
        Set<String> trained = new HashSet<>();
        corpus.train().forEach(query -> query.grades().keySet().forEach(id -> trained.add(texts.get(id))));

        List<String> leaks = corpus.heldOut().stream()
                .flatMap(query -> query.grades().keySet().stream())
                .filter(id -> trained.contains(texts.get(id)))
                .toList();

        assertEquals(List.of(), leaks);
    }

    @Test
    void noQueryStandsOnBothSides() {
        Set<QueryKey> heldOut = new HashSet<>();
        corpus.heldOut().forEach(query -> heldOut.add(QueryKey.of(query.text())));

        assertTrue(corpus.train().stream().noneMatch(query -> heldOut.contains(QueryKey.of(query.text()))));
    }

    @Test
    void aQueryThatTouchesAHeldOutClassIsHeldOutWhole() {
        Corpus split = split(
                method(TRAINING_CLASS, "a", "Sorts the given list"),
                method(HELD_OUT_CLASS, "b", "Sorts the given list"));

        assertEquals(List.of(), split.train());
        assertEquals(Set.of("a", "b"), split.heldOut().get(0).grades().keySet());
    }

    @Test
    void aTrainingQueryThatIsNearlyAHeldOutOneIsLeftOut() {
        Corpus split = split(
                method(HELD_OUT_CLASS, "a", "Sorts the given list of numbers"),
                method(TRAINING_CLASS, "b", "Sorts the given list of numbers twice"),
                method(TRAINING_CLASS, "c", "Opens a file for reading"));

        assertEquals(
                List.of("Opens a file for reading"),
                split.train().stream().map(JudgedQuery::text).toList());
        assertEquals(3, split.passages().size());
    }

    @Test
    void aSentenceThatDescribesTooManyMethodsIsNoQuery() {
        List<SourceMethod> methods = new ArrayList<>();
        IntStream.range(0, JavaCorpus.MOST_POSITIVES + 1)
                .forEach(i -> methods.add(method(TRAINING_CLASS, "m" + i, "Returns a new instance")));

        JavaCorpus.Built split = JavaCorpus.split(methods, 1, 0);

        assertEquals(List.of(), split.corpus().train());
        assertEquals(1, split.repeatedSentences());
        assertFalse(split.corpus().passages().isEmpty());
    }

    private static Corpus split(SourceMethod... methods) {
        return JavaCorpus.split(List.of(methods), 1, 0).corpus();
    }

    private static SourceMethod method(String topLevelClass, String id, String sentence) {
        return new SourceMethod(topLevelClass, new Passage(id, "Title", "text of " + id), sentence);
    }

    private static String classThatIs(boolean heldOut) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "org.example.C" + i)
                .filter(name -> QueryKey.of(name).isHeldOut(JavaCorpus.HELD_OUT_CLASSES) == heldOut)
                .findFirst()
                .orElseThrow();
    }

    private static void assertBetween(int least, int most, int actual) {
        assertTrue(least <= actual && actual <= most, "expected %d to %d, got %d".formatted(least, most, actual));
    }
}
