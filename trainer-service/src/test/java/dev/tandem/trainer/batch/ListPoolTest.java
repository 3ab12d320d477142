package dev.tandem.trainer.batch;

import static dev.tandem.trainer.batch.ListsForTests.list;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.CandidateList.Kind;
import dev.tandem.trainer.recipe.Replay;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ListPoolTest {
    private static final Replay HALF = new Replay(0.5, 2, 100, 10, 1);

    @Test
    void takesFreshListsFirstAndReplaysTheStatedShare() {
        ListPool pool = poolOf(100);
        while (pool.fresh() > 0) {
            draw(pool, 10, 1);
        }
        for (int i = 100; i < 120; i++) {
            pool.add(new Origin(0, i), list(i, 3));
        }

        List<CandidateList> drawn = draw(pool, 10, 7);

        assertEquals(5, drawn.stream().filter(list -> number(list) >= 100).count());
    }

    @Test
    void fillsUpWithReplayWhenFewListsAreFresh() {
        ListPool pool = poolOf(20);
        draw(pool, 20, 1);
        pool.add(new Origin(0, 20), list(20, 3));

        List<CandidateList> drawn = draw(pool, 10, 2);

        assertEquals(10, drawn.size());
        assertTrue(drawn.stream().anyMatch(list -> number(list) == 20));
    }

    @Test
    void doesNotReplayTheFirstListsAgainAndAgainWhileMostAreFresh() {
        ListPool pool = poolOf(100);
        draw(pool, 10, 1);

        List<CandidateList> second = draw(pool, 10, 2);

        Set<String> first = queries(draw(poolOf(100), 10, 1));
        assertEquals(
                1,
                second.stream()
                        .filter(list -> first.contains(list.query().id()))
                        .count());
    }

    @Test
    void usesAListNoMoreThanTheLimitUntilTheChampionChanges() {
        ListPool pool = poolOf(5);

        draw(pool, 5, 1);
        draw(pool, 5, 2);

        assertEquals(List.of(), draw(pool, 5, 3));
        pool.forgetUses();
        assertEquals(5, draw(pool, 5, 4).size());
    }

    @Test
    void replaysEachListOnceBeforeAnyTwice() {
        ListPool pool = poolOf(100);
        while (pool.fresh() > 0) {
            draw(pool, 10, 1);
        }
        pool.forgetUses();

        Set<String> replayed = new HashSet<>();
        for (int step = 0; step < 10; step++) {
            replayed.addAll(queries(draw(pool, 10, step)));
        }

        assertEquals(100, replayed.size());
    }

    @Test
    void aListThatWasOnlyMinedAgainIsReplayedAsOftenAsTheOthers() {
        ListPool pool = poolOf(10);
        draw(pool, 10, 1);
        pool.forgetUses();
        List<CandidateList> used = draw(pool, 5, 2);
        used.forEach(list -> pool.add(new Origin(0, 10 + number(list)), list(number(list), 5)));

        Set<String> next = queries(draw(pool, 5, 3));

        next.retainAll(queries(used));
        assertEquals(Set.of(), next);
    }

    @Test
    void aNewerListOfTheSameQueryAndKindSupersedesTheOlder() {
        ListPool pool = poolOf(3);

        pool.add(new Origin(0, 9), list(1, 5));

        assertEquals(3, pool.size());
        assertEquals(
                List.of(3, 5, 3),
                pool.lists().stream().map(list -> list.candidates().size()).toList());
    }

    @Test
    void aListThatWasOnlyMinedAgainIsFreshOnlyWhereItsQueryWasNotLearnedFrom() {
        ListPool pool = poolOf(4);
        Set<String> learned = queries(draw(pool, 2, 1));

        for (int i = 0; i < 4; i++) {
            pool.add(new Origin(0, 10 + i), list(i, 5));
        }

        assertEquals(2, pool.fresh());
        Set<String> next = queries(draw(pool, 2, 2));
        assertTrue(next.stream().anyMatch(query -> !learned.contains(query)), next.toString());
    }

    @Test
    void aListWithNewerFeedbackIsFresh() {
        ListPool pool = poolOf(1);
        draw(pool, 1, 1);

        pool.add(new Origin(0, 1), list(0, 3, Kind.UNDENOISED, Instant.EPOCH.plusSeconds(1)));

        assertEquals(1, pool.fresh());
    }

    @Test
    void aTombstoneRemovesItsList() {
        ListPool pool = poolOf(3);

        pool.remove(list(1, 3).key().value() + "/undenoised");

        assertEquals(Set.of("q0", "q2"), queries(pool.lists()));
    }

    @Test
    void aStepHasAQueryOnlyOnce() {
        ListPool pool = poolOf(3);
        pool.add(new Origin(1, 0), list(1, 3, Kind.DENOISED));

        assertEquals(3, draw(pool, 4, 1).size());
        assertEquals(Set.of("p1"), pool.positives(list(1, 3).key()));
    }

    @Test
    void leavesOutUnlabelledListsUnlessTheyWillDo() {
        ListPool pool = new ListPool(HALF);
        pool.add(new Origin(0, 0), list(0, 3, Kind.UNLABELLED));

        assertEquals(List.of(), pool.draw(1, false, true, new SplittableRandom(1)));
        assertEquals(1, pool.draw(1, true, true, new SplittableRandom(1)).size());
    }

    @Test
    void waitsForTheMinimum() {
        ListPool pool = new ListPool(new Replay(0.5, 3, 100, 10, 4));
        for (int i = 0; i < 3; i++) {
            pool.add(new Origin(0, i), list(i, 3));
        }
        assertEquals(List.of(), draw(pool, 8, 1));

        pool.add(new Origin(0, 3), list(3, 3));

        assertEquals(4, draw(pool, 8, 1).size());
    }

    @Test
    void aFreshListIsLearnedFromEvenWhenAllOthersAreUsedUp() {
        ListPool pool = poolOf(5);
        draw(pool, 5, 1);
        draw(pool, 5, 2);

        pool.add(new Origin(0, 5), list(5, 3));

        assertEquals(Set.of("q5"), queries(draw(pool, 5, 3)));
    }

    @Test
    void choosesTheSameWhateverTheOrderOfArrival() {
        ListPool forward = poolOf(30);
        ListPool backward = new ListPool(HALF);
        for (int i = 29; i >= 0; i--) {
            backward.add(new Origin(i % 3, i), list(i, 3));
        }

        assertEquals(draw(forward, 10, 5), draw(backward, 10, 5));
        assertNotEquals(draw(forward, 10, 6), draw(backward, 10, 7));
    }

    @Test
    void goesOnAsBeforeAfterBeingRestored() {
        ListPool pool = poolOf(30);
        draw(pool, 10, 1);
        ListPool restored = new ListPool(HALF);
        pool.state().uses().forEach((origin, uses) -> restored.restore(origin, list((int) origin.offset(), 3), uses));

        assertEquals(pool.state(), restored.state());
        assertEquals(draw(pool, 10, 2), draw(restored, 10, 2));
    }

    @Test
    void dropsTheMostUsedWhenItIsFull() {
        ListPool pool = new ListPool(new Replay(0, 3, 4, 10, 1));
        for (int i = 0; i < 4; i++) {
            pool.add(new Origin(0, i), list(i, 3));
        }
        assertEquals(0, pool.room(false));
        Set<String> used = queries(draw(pool, 2, 1));
        pool.add(new Origin(0, 4), list(4, 3));

        assertEquals(1, pool.room(false));
        pool.trim(false);

        Set<String> left = queries(pool.lists());
        assertEquals(4, left.size());
        assertEquals(1, used.stream().filter(left::contains).count());
    }

    @Test
    void listsThatWillNotDoMakeRoomForThoseThatWill() {
        ListPool pool = new ListPool(new Replay(0, 3, 2, 10, 1));
        pool.add(new Origin(0, 0), list(0, 3, Kind.UNLABELLED));
        pool.add(new Origin(0, 1), list(1, 3, Kind.UNLABELLED));

        assertEquals(0, pool.room(true));
        assertEquals(2, pool.room(false));
        pool.add(new Origin(0, 2), list(2, 3));
        pool.trim(false);

        assertEquals(Set.of("q1", "q2"), queries(pool.lists()));
    }

    private static ListPool poolOf(int lists) {
        ListPool pool = new ListPool(HALF);
        for (int i = 0; i < lists; i++) {
            pool.add(new Origin(i % 3, i), list(i, 3));
        }
        return pool;
    }

    private static List<CandidateList> draw(ListPool pool, int lists, long seed) {
        return new ArrayList<>(pool.draw(lists, false, true, new SplittableRandom(seed)));
    }

    private static int number(CandidateList list) {
        return Integer.parseInt(list.query().id().substring(1));
    }

    private static Set<String> queries(List<CandidateList> lists) {
        Set<String> ids = new HashSet<>();
        lists.forEach(list -> ids.add(list.query().id()));
        return ids;
    }
}
