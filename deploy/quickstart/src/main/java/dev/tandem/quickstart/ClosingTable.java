package dev.tandem.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * From what to what: the metrics of BM25, the first and the last champion on the report queries, that is held-out queries
 * no promotion decision has looked at.
 *
 * @param report the evaluator's {@code GET /api/report}
 * @param lists candidate lists mined
 * @param steps optimizer updates
 * @param seconds from the services being up to the table
 */
record ClosingTable(JsonNode report, long lists, long steps, long seconds) {
    private static final List<String> RANKINGS = List.of("retriever", "reranker", "fused");
    private static final List<String> METRICS = List.of("mrr@10", "ndcg@10", "recall@50");

    /** As a table. */
    String text() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(row("", "", "BM25", name("first"), name("last")));
        for (String ranking : RANKINGS) {
            for (String metric : METRICS) {
                if (!ranking.equals("retriever") && metric.equals("recall@50")) {
                    continue; // re-ordering the top 50 does not change what is in it
                }
                lines.add(row(
                        metric.equals("mrr@10") ? label(ranking) : "",
                        metric.replace("mrr", "MRR").replace("ndcg", "nDCG"),
                        ranking.equals("retriever") ? value(report.path("bm25").path(metric)) : "",
                        value(report.path("first").path(ranking).path(metric)),
                        value(report.path("last").path(ranking).path(metric))));
            }
        }
        lines.add("");
        lines.add(
                "%d promotions, %,d candidate lists, %,d steps in %d s. Held-out queries that no promotion decision has seen."
                        .formatted(report.path("promotions").asInt(), lists, steps, seconds));
        return String.join(System.lineSeparator(), lines);
    }

    /** As one line for a script. */
    String json() {
        ObjectNode line = new JsonMapper().createObjectNode();
        line.put("promotions", report.path("promotions").asInt())
                .put("seconds", seconds)
                .put("lists", lists)
                .put("steps", steps);
        line.set("bm25", report.path("bm25"));
        for (String champion : List.of("first", "last")) {
            line.set(champion, report.path(champion));
        }
        return line.toString();
    }

    private String name(String champion) {
        String checkpoint = report.path(champion).path("checkpoint").asText("");
        return checkpoint.isEmpty() ? "no " + champion + " champion" : "%s (%s)".formatted(champion, checkpoint);
    }

    private static String label(String ranking) {
        return ranking.equals("reranker") ? "re-ranker" : ranking;
    }

    private static String value(JsonNode number) {
        return number.isNumber() ? String.format(Locale.ROOT, "%.3f", number.asDouble()) : "–";
    }

    private static String row(String... columns) {
        return "%-10s %-10s %8s %24s %24s".formatted((Object[]) columns);
    }
}
