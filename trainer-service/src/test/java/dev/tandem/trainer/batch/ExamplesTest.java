package dev.tandem.trainer.batch;

import static dev.tandem.trainer.batch.ListsForTests.list;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.CandidateList.Kind;
import dev.tandem.retrieval.Passage;
import dev.tandem.trainer.recipe.Replay;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExamplesTest {
    @Test
    void keepAWholeListInItsOrder() {
        ListPool pool = poolOf(list(0, 4), list(1, 4));

        List<Example> examples = Examples.withOwnNegatives(pool.lists(), 4, pool, new SplittableRandom(1));

        assertEquals(List.of("p0", "n0-1", "n0-2", "n0-3"), ids(examples.get(0)));
        assertTrue(examples.get(0).labelled());
    }

    @Test
    void cutALongListToItsPositiveAndSomeOfItsNegatives() {
        ListPool pool = poolOf(list(0, 9));

        List<String> ids = ids(Examples.withOwnNegatives(pool.lists(), 4, pool, new SplittableRandom(3))
                .get(0));

        assertEquals(4, ids.size());
        assertEquals("p0", ids.get(0));
        assertEquals(4, new HashSet<>(ids).size());
    }

    @Test
    void fillAShortListWithPassagesOfOthers() {
        ListPool pool = poolOf(list(0, 2), list(1, 4));

        List<Example> examples = Examples.withOwnNegatives(pool.lists(), 4, pool, new SplittableRandom(1));

        assertEquals(4, examples.get(0).passages().size());
        assertTrue(ids(examples.get(0)).subList(2, 4).stream().allMatch(id -> id.contains("1")));
    }

    @Test
    void easyNegativesComeFromOtherListsAndAreNoPositivesOfTheQuery() {
        CandidateList sameQuery = list(0, 3, Kind.DENOISED);
        ListPool pool = poolOf(list(0, 4), list(1, 4), list(2, 4), sameQuery);

        List<Example> examples = Examples.withRandomNegatives(List.of(list(0, 4)), 5, pool, new SplittableRandom(1));

        List<String> ids = ids(examples.get(0));
        assertEquals("p0", ids.get(0));
        assertEquals(5, ids.size());
        assertFalse(ids.subList(1, 5).stream().anyMatch(id -> id.startsWith("n0") || id.equals("p0")));
    }

    @Test
    void areCutToTheShortestWhereThePoolHasNothingToFillWith() {
        ListPool pool = poolOf(list(0, 3));

        List<Example> examples = Examples.withOwnNegatives(pool.lists(), 8, pool, new SplittableRandom(1));

        assertEquals(List.of("p0", "n0-1", "n0-2"), ids(examples.get(0)));
    }

    private static ListPool poolOf(CandidateList... lists) {
        ListPool pool = new ListPool(new Replay(0.5, 3, 100, 10, 1));
        for (int i = 0; i < lists.length; i++) {
            pool.add(new Origin(0, i), lists[i]);
        }
        return pool;
    }

    private static List<String> ids(Example example) {
        return example.passages().stream().map(Passage::id).toList();
    }
}
