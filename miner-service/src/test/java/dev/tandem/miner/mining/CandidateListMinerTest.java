package dev.tandem.miner.mining;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.miner.denoising.Denoising;
import dev.tandem.miner.serving.Corpus;
import dev.tandem.miner.serving.Retriever;
import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.Candidate.Role;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.CandidateList.Kind;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import dev.tandem.retrieval.Ranking;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CandidateListMinerTest {
    private final Corpus corpus = new Corpus();
    private final Map<String, Float> logits = new HashMap<>();
    private final FakeRetriever words = new FakeRetriever(ids(30), false);
    private final FakeRetriever champion = new FakeRetriever(ids(30), true);

    /** Passages p00 to p49; every query retrieves p00 first and p29 last. */
    @BeforeEach
    void fill() {
        ids(50).forEach(id -> corpus.put(passage(id)));
    }

    @Test
    void putsThePositiveFirstAndNoKnownPositiveAmongTheNegatives() {
        for (long seed = 0; seed < 50; seed++) {
            CandidateList list = undenoised(seed, words, query(List.of("p03", "p07"), List.of()));

            assertEquals(Kind.UNDENOISED, list.kind());
            assertEquals(8, list.candidates().size());
            assertEquals(Role.POSITIVE, list.candidates().get(0).role());
            assertTrue(Set.of("p03", "p07").contains(ids(list).get(0)));
            assertFalse(ids(list).subList(1, 8).contains("p03"));
            assertFalse(ids(list).subList(1, 8).contains("p07"));
        }
    }

    @Test
    void takesTheTopOfADrawnQueryWithoutALabelOnceThereIsAReRanker() {
        CandidateListMiner miner = new CandidateListMiner(
                new MiningSettings(30, 10, 8, 1, Denoising.ofRocketQa(), OptionalDouble.empty(), 1));
        TrainingQuery query = query(List.of(), List.of("p05"));

        List<CandidateList> lists = miner.mine(champion, corpus, List.of(query));

        assertEquals(
                List.of(Kind.UNLABELLED),
                lists.stream().map(CandidateList::kind).toList());
        List<String> ids = ids(lists.get(0));
        assertEquals(8, ids.size());
        assertEquals(ids.stream().sorted().toList(), ids, "in the order of the ranking");
        assertTrue(lists.get(0).candidates().stream().allMatch(candidate -> candidate.role() == Role.RETRIEVED));
        assertEquals(List.of(), miner.mine(words, corpus, List.of(query)), "nobody can teach yet");
        assertEquals(List.of(), miner(1).mine(champion, corpus, List.of(query)), "none is drawn");
    }

    @Test
    void samplesEachPositiveAndReachesAllOfTheTopN() {
        Set<String> positives = new HashSet<>();
        Set<String> negatives = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            CandidateList list = undenoised(seed, words, query(List.of("p03", "p07"), List.of()));
            positives.add(ids(list).get(0));
            negatives.addAll(ids(list).subList(1, 8));
        }

        assertEquals(Set.of("p03", "p07"), positives);
        assertEquals(ids(30).stream().filter(id -> !positives.contains(id)).collect(Collectors.toSet()), negatives);
    }

    /** Scores fall by one a rank, from 100; 0.95 of 93 is 88.35. */
    @Test
    void takesNoNegativeAboveTheLimitWhereEveryPositiveWasRetrieved() {
        MiningSettings limited = new MiningSettings(30, 10, 8, 1, Denoising.ofRocketQa(), OptionalDouble.of(0.95), 0);
        CandidateListMiner miner = new CandidateListMiner(limited);

        List<CandidateList> lists = miner.mine(
                words,
                corpus,
                List.of(query("found", List.of("p07"), List.of()), query("not", List.of("p40"), List.of())));

        List<Float> scores = scores(lists.get(0));
        assertEquals(7, scores.size());
        assertTrue(scores.stream().allMatch(score -> score <= 88.35f), scores::toString);
        assertTrue(scores(lists.get(1)).stream().anyMatch(score -> score > 88.35f), lists.get(1)::toString);
    }

    private static List<Float> scores(CandidateList list) {
        return list.candidates().stream().skip(1).map(Candidate::retrieverScore).toList();
    }

    @Test
    void makesTheSameListOfTheSameInputsInWhateverCompany() {
        TrainingQuery one = query("one", List.of("p03"), List.of());
        TrainingQuery two = query("two", List.of("p04"), List.of());

        List<CandidateList> together = miner(7).mine(words, corpus, List.of(one, two));

        assertEquals(together.get(1), undenoised(7, words, two));
        assertNotEquals(together.get(1), undenoised(8, words, two));
    }

    @Test
    void carriesScoresRanksAndWhoMined() {
        CandidateList list = undenoised(1, words, query(List.of("p40"), List.of()));

        assertNull(list.candidates().get(0).retrieverRank());
        Candidate negative = list.candidates().get(1);
        int row = Integer.parseInt(negative.passage().id().substring(1));
        assertEquals(row + 1, negative.retrieverRank());
        assertEquals(100f - row, negative.retrieverScore());
        assertEquals("champion", list.minedBy());
    }

    @Test
    void leavesCopiesOfThePositiveOut() {
        corpus.put(new Passage("p01", "", "text of p03"));

        for (long seed = 0; seed < 50; seed++) {
            assertFalse(ids(undenoised(seed, words, query(List.of("p03"), List.of())))
                    .contains("p01"));
        }
    }

    @Test
    void fillsUpFromTheCorpusWhatRetrievalDoesNotGive() {
        Retriever poor = new FakeRetriever(List.of("p03", "p04"), false);

        CandidateList list = undenoised(1, poor, query(List.of("p03"), List.of()));

        assertEquals(8, new HashSet<>(ids(list)).size());
    }

    @Test
    void shortensListsOnlyWhenTheCorpusIsTooSmall() {
        Corpus small = new Corpus();
        ids(3).forEach(id -> small.put(passage(id)));

        CandidateList list = miner(1).mine(words, small, List.of(query(List.of("p01"), List.of())))
                .get(0);

        assertEquals(Set.of("p00", "p01", "p02"), new HashSet<>(ids(list)));
    }

    @Test
    void makesNoListWithoutAPositiveInTheCorpus() {
        assertEquals(List.of(), miner(1).mine(champion, corpus, List.of(query(List.of("gone"), List.of()))));
    }

    @Test
    void denoisesWithJudgedNegativesFirstThenConfirmedOnesThenThoseBelowRankM() {
        ids(3).forEach(id -> logits.put(id, -5f));

        CandidateList list = denoised(3, query(List.of("p09"), List.of("p45", "p05")));

        assertEquals("p09", ids(list).get(0));
        assertEquals(Set.of("p45", "p05"), Set.copyOf(ids(list).subList(1, 3)));
        assertEquals(Role.JUDGED_NEGATIVE, list.candidates().get(2).role());
        assertEquals(Set.of("p00", "p01", "p02"), Set.copyOf(ids(list).subList(3, 6)));
        assertEquals(Role.HARD_NEGATIVE, list.candidates().get(4).role());
        assertEquals(0.0067f, list.candidates().get(4).rerankerScore(), 1e-4f);
        for (Candidate candidate : list.candidates().subList(6, 8)) {
            assertEquals(Role.RETRIEVED, candidate.role());
            assertTrue(candidate.retrieverRank() > 10, candidate.passage().id());
        }
    }

    @Test
    void takesAPseudoPositiveOnlyAboveTheThresholdAndTheLabelledPositive() {
        ids(10).forEach(id -> logits.put(id, -5f));
        logits.putAll(Map.of("p09", 3f, "p02", 4f, "p04", 2.9f));

        Set<String> positives = new HashSet<>();
        for (long seed = 0; seed < 40; seed++) {
            CandidateList list = denoised(seed, query(List.of("p09"), List.of()));
            positives.add(ids(list).get(0) + " " + list.candidates().get(0).role());
            List<String> negatives = ids(list).subList(1, 8);
            assertTrue(negatives.stream().noneMatch(Set.of("p02", "p04", "p09")::contains), negatives::toString);
        }

        assertEquals(Set.of("p09 POSITIVE", "p02 PSEUDO_POSITIVE"), positives);
    }

    @Test
    void makesNoDenoisedListWithoutATrainedReranker() {
        assertEquals(
                1,
                miner(1).mine(words, corpus, List.of(query(List.of("p03"), List.of())))
                        .size());
    }

    @Test
    void asksTheRerankerOnceForManyQueries() {
        miner(1).mine(
                        champion,
                        corpus,
                        List.of(query("one", List.of("p03"), List.of()), query("two", List.of("p40"), List.of())));

        assertEquals(List.of(21), champion.asked);
    }

    private CandidateList undenoised(long seed, Retriever retriever, TrainingQuery query) {
        return miner(seed).mine(retriever, corpus, List.of(query)).get(0);
    }

    private CandidateList denoised(long seed, TrainingQuery query) {
        return miner(seed).mine(champion, corpus, List.of(query)).stream()
                .filter(list -> list.kind() == Kind.DENOISED)
                .findFirst()
                .orElseThrow();
    }

    private static CandidateListMiner miner(long seed) {
        return new CandidateListMiner(
                new MiningSettings(30, 10, 8, seed, Denoising.ofRocketQa(), OptionalDouble.empty(), 0));
    }

    private static TrainingQuery query(List<String> positives, List<String> notRelevant) {
        return query("some query", positives, notRelevant);
    }

    private static TrainingQuery query(String text, List<String> positives, List<String> notRelevant) {
        return new TrainingQuery(
                QueryKey.of(text), new Query(text, text), positives, notRelevant, Instant.ofEpochSecond(1));
    }

    private static Passage passage(String id) {
        return new Passage(id, "", "text of " + id);
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj("p%02d"::formatted).toList();
    }

    private static List<String> ids(CandidateList list) {
        return list.candidates().stream()
                .map(candidate -> candidate.passage().id())
                .toList();
    }

    /** Finds the same passages for every query; logits come from the test, 0 where it says nothing. */
    private final class FakeRetriever implements Retriever {
        private final List<String> found;
        private final boolean canScore;
        private final List<Integer> asked = new ArrayList<>();

        FakeRetriever(List<String> found, boolean canScore) {
            this.found = found;
            this.canScore = canScore;
        }

        @Override
        public String id() {
            return "champion";
        }

        @Override
        public void put(List<Passage> passages) {}

        @Override
        public void remove(String passageId) {}

        @Override
        public List<Ranking> search(List<Query> queries, int k) {
            List<Ranking.Hit> hits = IntStream.range(0, Math.min(k, found.size()))
                    .mapToObj(i -> new Ranking.Hit(found.get(i), 100 - i))
                    .toList();
            return queries.stream().map(query -> new Ranking(hits)).toList();
        }

        @Override
        public boolean canScore() {
            return canScore;
        }

        @Override
        public float[] score(List<Pair> pairs) {
            asked.add(pairs.size());
            float[] scores = new float[pairs.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = logits.getOrDefault(pairs.get(i).passage().id(), 0f);
            }
            return scores;
        }

        @Override
        public void close() {}
    }
}
