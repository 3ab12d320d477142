package dev.tandem.trainer.offline;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.line.CandidateListLine;
import dev.tandem.retrieval.line.JsonLine;
import java.util.List;
import java.util.Optional;

/**
 * A list as FlagEmbedding writes it: {@code {"query": "…", "pos": ["…"], "neg": ["…"], "pos_scores": [1.0],
 * "neg_scores": [0.2]}}.
 *
 * <p>The scores are checked and left aside: they are another teacher's, and here the re-ranker in training is the teacher.
 */
final class FlagEmbeddingLine {
    private FlagEmbeddingLine() {}

    static CandidateList read(String line) {
        JsonLine json = JsonLine.of(line);
        List<Passage> positives = passages(json, "pos");
        List<Passage> negatives = passages(json, "neg");
        checkScores(json, "pos_scores", positives.size());
        checkScores(json, "neg_scores", negatives.size());
        return LabelledPassages.list(
                LabelledPassages.query(CandidateListLine.queryText(json, "query")),
                positives,
                negatives,
                Layout.FLAG_EMBEDDING.label());
    }

    private static List<Passage> passages(JsonLine json, String field) {
        return json.texts(field, 0, CandidateListLine.MOST_CANDIDATES).stream()
                .map(text -> LabelledPassages.passage("", text))
                .toList();
    }

    private static void checkScores(JsonLine json, String field, int passages) {
        Optional<JsonNode> scores = json.optional(field);
        if (scores.isPresent() && (!scores.get().isArray() || scores.get().size() != passages)) {
            throw new IllegalArgumentException(
                    "expected \"%s\" to be an array of as many scores as passages, %d, got %s"
                            .formatted(
                                    field,
                                    passages,
                                    JsonLine.shortened(scores.get().toString())));
        }
    }
}
