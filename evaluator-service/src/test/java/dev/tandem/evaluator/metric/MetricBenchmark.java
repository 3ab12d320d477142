package dev.tandem.evaluator.metric;

import dev.tandem.retrieval.Qrels;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.Ranking.Hit;
import dev.tandem.retrieval.Run;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Measures 10,000 queries with 1,000 passages each by every metric that trec_eval is compared on, in one thread, and prints
 * the processor seconds of each round; with it the time to order as many hits that come in any order, ties included.
 */
final class MetricBenchmark {
    private static final int QUERIES = 10_000;
    private static final int DEPTH = 1_000;
    private static final int PASSAGES = 1_000_000;
    private static final int RELEVANT = 10;
    private static final int ROUNDS = 7;
    /** Of this many scores in a ranking some are equal. */
    private static final int SCORES = 5_000;

    private static final List<Metric> METRICS = Stream.of(
                    "mrr@10",
                    "ndcg@10",
                    "recall@50",
                    "recall@100",
                    "recall@1000",
                    "success@1",
                    "success@5",
                    "success@10",
                    "p@10",
                    "map")
            .map(Metric::parse)
            .toList();

    private final SplittableRandom random = new SplittableRandom(1);
    private final String[] ids = new String[PASSAGES];

    public static void main(String[] arguments) {
        new MetricBenchmark().run();
    }

    private void run() {
        for (int i = 0; i < PASSAGES; i++) {
            ids[i] = "passage-" + i;
        }
        Map<String, Ranking> rankings = new HashMap<>();
        Map<String, Map<String, Integer>> grades = new HashMap<>();
        long ordering = 0;
        for (int query = 0; query < QUERIES; query++) {
            List<Hit> hits = hits();
            long begun = computed();
            Ranking ranking = new Ranking(hits);
            ordering += computed() - begun;
            rankings.put("q" + query, ranking);
            grades.put("q" + query, grades(ranking));
        }
        System.out.printf("%,d queries with %,d passages each: ordered in %.2f s%n", QUERIES, DEPTH, ordering / 1e9);
        measure(new Run(rankings), new Qrels(grades));
    }

    private List<Hit> hits() {
        Map<String, Hit> hits = new HashMap<>();
        while (hits.size() < DEPTH) {
            String id = ids[random.nextInt(PASSAGES)];
            hits.put(id, new Hit(id, random.nextInt(SCORES) / 100.0));
        }
        return new ArrayList<>(hits.values());
    }

    /** Half of the relevant passages were found, anywhere. */
    private Map<String, Integer> grades(Ranking ranking) {
        Map<String, Integer> grades = new HashMap<>();
        for (int i = 0; i < RELEVANT; i++) {
            boolean found = i % 2 == 0;
            String id = found ? ranking.hits().get(random.nextInt(DEPTH)).passageId() : ids[random.nextInt(PASSAGES)];
            grades.put(id, 1 + random.nextInt(3));
        }
        return grades;
    }

    private static void measure(Run run, Qrels qrels) {
        for (int round = 1; round <= ROUNDS; round++) {
            long begun = computed();
            Scorecard card = Scorecard.of(Map.of(RankingKind.RUN, run), qrels, METRICS);
            double mean = card.mean(new Scorecard.Measured(RankingKind.RUN, METRICS.get(1)));
            System.out.printf(
                    "round %d: %d metrics in %.3f s (ndcg@10 %.4f)%n",
                    round, METRICS.size(), (computed() - begun) / 1e9, mean);
        }
    }

    /** Processor time of this thread, in nanoseconds: the same beside other work. */
    private static long computed() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
