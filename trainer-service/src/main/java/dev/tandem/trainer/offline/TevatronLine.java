package dev.tandem.trainer.offline;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.line.CandidateListLine;
import dev.tandem.retrieval.line.JsonLine;
import java.util.List;

/**
 * A list as Tevatron writes it: {@code {"query_id": "7", "query": "…", "positive_passages": [{"docid": "4", "title": "…",
 * "text": "…"}], "negative_passages": […]}}; the query may be called {@code query_text}.
 */
final class TevatronLine {
    private TevatronLine() {}

    static CandidateList read(String line) {
        JsonLine json = JsonLine.of(line);
        String field = json.optional("query").isPresent() ? "query" : "query_text";
        return LabelledPassages.list(
                new Query(json.id("query_id"), CandidateListLine.queryText(json, field)),
                passages(json, "positive_passages"),
                passages(json, "negative_passages"),
                Layout.TEVATRON.label());
    }

    private static List<Passage> passages(JsonLine json, String field) {
        return json.objects(field, 0, CandidateListLine.MOST_CANDIDATES).stream()
                .map(passage -> new Passage(
                        passage.id("docid"), passage.optionalText("title").orElse(""), passage.text("text")))
                .toList();
    }
}
