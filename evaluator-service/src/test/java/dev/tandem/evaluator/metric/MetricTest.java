package dev.tandem.evaluator.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.evaluator.metric.Scorecard.Measured;
import dev.tandem.retrieval.Qrels;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.Ranking.Hit;
import dev.tandem.retrieval.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricTest {
    private static final Map<String, Metric> BY_TREC_NAME = new LinkedHashMap<>();

    static {
        BY_TREC_NAME.put("recip_rank", new Metric(Metric.Measure.MRR, Metric.WHOLE_RANKING));
        BY_TREC_NAME.put("mrr_10", Metric.parse("mrr@10"));
        BY_TREC_NAME.put("ndcg_cut_10", Metric.parse("ndcg@10"));
        BY_TREC_NAME.put("recall_50", Metric.parse("recall@50"));
        BY_TREC_NAME.put("recall_100", Metric.parse("recall@100"));
        BY_TREC_NAME.put("recall_1000", Metric.parse("recall@1000"));
        BY_TREC_NAME.put("map", Metric.parse("map"));
        BY_TREC_NAME.put("success_1", Metric.parse("success@1"));
        BY_TREC_NAME.put("success_5", Metric.parse("success@5"));
        BY_TREC_NAME.put("success_10", Metric.parse("success@10"));
        BY_TREC_NAME.put("P_10", Metric.parse("p@10"));
    }

    static List<Path> smallCases() {
        return GoldenTrec.smallCases();
    }

    @ParameterizedTest
    @MethodSource("smallCases")
    void equalsTrecEval(Path expected) throws IOException {
        assertEqualsTrecEval(GoldenTrec.read(expected));
    }

    @Test
    void equalsTrecEvalOnRealCollections() throws IOException {
        var root = GoldenTrec.realCollections();
        assumeTrue(root.isPresent(), "no real collections here; give their folder with -Dtandem.golden=DIR");

        for (Path expected : GoldenTrec.cases(root.get())) {
            assertEqualsTrecEval(GoldenTrec.read(expected));
        }
    }

    private static void assertEqualsTrecEval(GoldenTrec golden) {
        Scorecard card = card(golden.run(), golden.qrels(), List.copyOf(BY_TREC_NAME.values()));
        JsonNode perQuery = golden.expected().get("per_query");

        assertEquals(perQuery.size(), card.queries());
        BY_TREC_NAME.forEach((name, metric) -> {
            Measured measured = new Measured(RankingKind.RUN, metric);
            card.byQuery()
                    .forEach((query, values) -> assertEquals(
                            perQuery.get(query).get(name).asDouble(),
                            values.get(measured),
                            1e-9,
                            name + " of " + query));
            assertEquals(golden.expected().get("mean").get(name).asDouble(), card.mean(measured), 1e-9, name);
        });
    }

    private static Scorecard card(Run run, Qrels qrels, List<Metric> metrics) {
        return Scorecard.of(Map.of(RankingKind.RUN, run), qrels, metrics);
    }

    @Test
    void countsAnUnansweredQueryAsZero() {
        Qrels qrels = new Qrels(Map.of("answered", Map.of("p1", 1), "unanswered", Map.of("p2", 1)));
        Run run = new Run(Map.of("answered", new Ranking(List.of(new Hit("p1", 1)))));

        Metric mrr = Metric.parse("mrr@10");
        Scorecard card = card(run, qrels, List.of(mrr));

        assertArrayEquals(new double[] {1, 0}, card.values(new Measured(RankingKind.RUN, mrr)));
    }

    @Test
    void weighsGradesByRankInNdcg() {
        Ranking ranking = new Ranking(List.of(new Hit("one", 3), new Hit("none", 2), new Hit("two", 1)));

        double value = Metric.parse("ndcg@3").of(JudgedRanking.of(ranking, Map.of("one", 1, "two", 2)));

        double ideal = 2 + 1 / (Math.log(3) / Math.log(2));
        assertEquals((1 + 2.0 / 2) / ideal, value, 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mrr@10", "ndcg@10", "recall@1000", "success@5", "p@1", "map"})
    void readsWhatItWrites(String spec) {
        assertEquals(spec, Metric.parse(spec).spec());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mrr", "mrr@0", "mrr@-1", "mrr@99999999", "map@10", "bleu@4", ""})
    void saysWhatAMetricLooksLike(String spec) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> Metric.parse(spec));

        assertEquals(
                "Expected a metric such as mrr@10, ndcg@10, recall@50, success@5, p@10 or map, got \"" + spec + "\"",
                refusal.getMessage());
    }
}
