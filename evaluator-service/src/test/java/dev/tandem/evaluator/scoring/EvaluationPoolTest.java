package dev.tandem.evaluator.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.QueryKey;
import dev.tandem.retrieval.Ranking;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class EvaluationPoolTest {
    private static final int PASSAGES = 500;

    /** A corpus with held-out queries and rankings, some judged or found passages not in it any more. */
    private record World(Map<String, Passage> corpus, List<HeldOutQuery> queries, List<Ranking> found) {
        static World of(Random random) {
            List<HeldOutQuery> queries = new ArrayList<>();
            List<Ranking> found = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String text = "query " + i;
                Map<String, Integer> grades = new HashMap<>();
                for (int judged = 0; judged <= random.nextInt(3); judged++) {
                    grades.put("p" + random.nextInt(PASSAGES + 20), random.nextInt(2));
                }
                queries.add(new HeldOutQuery(QueryKey.of(text), text, grades, false));
                found.add(new Ranking(random.ints(0, PASSAGES + 20)
                        .distinct()
                        .limit(random.nextInt(10))
                        .mapToObj(passage -> new Ranking.Hit("p" + passage, random.nextFloat()))
                        .toList()));
            }
            return new World(passages(PASSAGES), queries, found);
        }

        Set<String> pool(int size) {
            return EvaluationPool.choose(corpus, queries, found, size);
        }

        Set<String> judged() {
            return queries.stream()
                    .flatMap(query -> query.grades().keySet().stream())
                    .filter(corpus::containsKey)
                    .collect(Collectors.toSet());
        }

        World shuffled(Random random) {
            List<Passage> passages = new ArrayList<>(corpus.values());
            List<HeldOutQuery> others = new ArrayList<>(queries);
            List<Ranking> rankings = new ArrayList<>(found);
            Collections.shuffle(passages, random);
            Collections.shuffle(others, random);
            Collections.shuffle(rankings, random);
            Map<String, Passage> arrived = new LinkedHashMap<>();
            passages.forEach(passage -> arrived.put(passage.id(), passage));
            return new World(arrived, others, rankings);
        }
    }

    private static Map<String, Passage> passages(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Passage("p" + i, "", "text " + i))
                .collect(Collectors.toMap(Passage::id, passage -> passage));
    }

    @RepeatedTest(50)
    void holdsAllJudgedPassagesAndExactlySoManyWhateverCameFirst(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        World world = World.of(random);
        int size = 1 + random.nextInt(PASSAGES + 50);

        Set<String> pool = world.pool(size);

        assertTrue(pool.containsAll(world.judged()));
        assertTrue(world.corpus().keySet().containsAll(pool));
        assertEquals(Math.max(world.judged().size(), Math.min(size, PASSAGES)), pool.size());
        assertEquals(pool, world.shuffled(random).pool(size));
    }

    @RepeatedTest(20)
    void growsAroundASmallerPool(RepetitionInfo repetition) {
        World world = World.of(new Random(repetition.getCurrentRepetition()));
        Set<String> smaller = world.pool(0);
        for (int size = 10; size <= PASSAGES; size += 10) {
            Set<String> larger = world.pool(size);

            assertTrue(larger.containsAll(smaller), "of size " + size);
            smaller = larger;
        }
        assertEquals(world.corpus().keySet(), smaller);
    }

    @Test
    void takesTheBestRanksOfAllBeforeTheNextOfAny() {
        World world = new World(
                passages(PASSAGES), List.of(), List.of(ranking("p1", "p2", "p3"), ranking("p1", "p4"), ranking("p5")));

        assertEquals(Set.of("p1", "p5"), world.pool(2));
        assertEquals(Set.of("p1", "p5", "p2", "p4"), world.pool(4));
        assertTrue(world.pool(100).contains("p3"));
    }

    @Test
    void keepsItsSampleWhenAPassageComes() {
        World world = new World(passages(PASSAGES), List.of(), List.of());
        World more = new World(passages(PASSAGES + 1), List.of(), List.of());
        Set<String> kept = new HashSet<>(world.pool(100));

        kept.retainAll(more.pool(100));

        assertTrue(kept.size() >= 99, kept.size() + " of 100");
    }

    @Test
    void staysTheSameWhenTheChampionHasRankedIt() {
        World world = World.of(new Random(1));
        Set<String> pool = world.pool(200);
        List<Ranking> found = new ArrayList<>(world.found());
        List<String> inPool = List.copyOf(pool);
        for (int query = 0; query < 20; query++) {
            found.add(ranking(inPool.get(query), inPool.get(100 + query)));
        }

        assertEquals(pool, new World(world.corpus(), world.queries(), found).pool(200));
    }

    private static Ranking ranking(String... best) {
        return new Ranking(IntStream.range(0, best.length)
                .mapToObj(rank -> new Ranking.Hit(best[rank], -rank))
                .toList());
    }
}
