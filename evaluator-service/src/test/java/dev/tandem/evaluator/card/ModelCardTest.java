package dev.tandem.evaluator.card;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.evaluator.history.Decision;
import dev.tandem.evaluator.history.EvaluatedCheckpoint;
import dev.tandem.evaluator.history.EvaluatedPool;
import dev.tandem.evaluator.history.History;
import dev.tandem.evaluator.history.MetricDelta;
import dev.tandem.evaluator.history.MetricValue;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.evaluator.history.SavedCheckpoint;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Similarity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final MetricDelta DELTA =
            new MetricDelta("retriever", "mrr@10", 0.044, 0.011, 0.077, 0.002, 0.004, 40, 100, 20, "all");

    @TempDir
    private Path directory;

    private final History history = new History();

    @BeforeEach
    void writeCheckpoint() throws IOException {
        new EncodingConfig(24, 96, 128, Pooling.MEAN, Similarity.COSINE, 0.1).write(directory);
        Files.createDirectories(directory.resolve("retriever"));
        Files.createDirectories(directory.resolve("training"));
        Files.writeString(
                directory.resolve("training/state.json"),
                "{\"step\": 20, \"recipe\": {\"seed\": 1, \"joint\": {\"retrieverRate\": 1.0E-4, \"distillation\": \"RELEASED_CODE\"}}}");
        history.saved(saved("c1", null, 10));
        history.saved(saved("c2", "c1", 20));
        history.evaluated(evaluated("c1", List.of()));
        history.evaluated(evaluated("c2", List.of(DELTA)));
    }

    @Test
    void tellsMetricsComparisonLineageAndRecipe() throws IOException {
        String card = card(true);

        assertTrue(
                card.startsWith("---\nlibrary_name: sentence-transformers\npipeline_tag: sentence-similarity\n"), card);
        assertTrue(card.contains("metrics:\n- mrr@10\n"), card);
        assertTrue(card.contains("    - type: \"mrr@10\"\n      value: 0.5300\n"), card);
        assertTrue(
                card.contains("| retriever | mrr@10 | 0.5300 (0.5000 to 0.5600) | 0.5310 (0.5010 to 0.5610) |"), card);
        assertTrue(
                card.contains(
                        "408 report and 394 gate queries.\n\nMeasured on a pool of 50 of 1,000 passages, which gives higher values"),
                card);
        assertTrue(card.contains("### Against the champion before, c1"), card);
        assertTrue(
                card.contains(
                        "| retriever | mrr@10 | +0.0440 (+0.0110 to +0.0770) | 0.0020 | 0.0040 | 40 / 100 / 20 |"),
                card);
        assertTrue(card.contains("| c2 | 20 | joint | promoted |\n| c1 | 10 | joint | promoted |"), card);
        assertTrue(card.contains("joint.distillation=released-code\njoint.retriever-rate=1.0E-4\nseed=1"), card);
        assertTrue(card.contains("CrossEncoder(\"c2/cross-encoder\", max_length=128"), card);
    }

    @Test
    void saysThatAnUntrainedRerankerMustNotBeAsked() throws IOException {
        String card = card(false);

        assertTrue(card.contains("(its re-ranker is not trained yet)"), card);
        assertFalse(card.contains("c2/cross-encoder"), card);
        assertFalse(card.contains("- reranker\n"), card);
    }

    @Test
    void aRecipeThatIsNotThereIsEmpty() throws IOException {
        Files.delete(directory.resolve("training/state.json"));

        assertEquals(Map.of(), Recipe.of(directory));
    }

    private String card(boolean rerankerTrained) throws IOException {
        return ModelCard.of(promoted(rerankerTrained), history, new Checkpoint("c2", directory, "f".repeat(64)));
    }

    private static PromotedCheckpoint promoted(boolean rerankerTrained) {
        return new PromotedCheckpoint(
                "c2",
                "file:///store/c2",
                "f".repeat(64),
                20,
                rerankerTrained,
                "c1",
                List.of(
                        new MetricValue("retriever", "mrr@10", "gate", "all", 394, 0.531, 0.501, 0.561),
                        new MetricValue("retriever", "mrr@10", "report", "all", 408, 0.53, 0.5, 0.56),
                        new MetricValue("bm25", "mrr@10", "report", "all", 408, 0.51, 0.48, 0.54)),
                "Better: retriever MRR@10 .531 against .487.",
                "evaluator",
                NOON,
                false,
                List.of(),
                null);
    }

    private static SavedCheckpoint saved(String id, String parent, long step) {
        return new SavedCheckpoint(
                id, parent, step, "JOINT", true, "file:///store/" + id, "f".repeat(64), Map.of(), 640, NOON, NOON);
    }

    private static EvaluatedCheckpoint evaluated(String id, List<MetricDelta> deltas) {
        return new EvaluatedCheckpoint(
                id,
                deltas.isEmpty() ? null : "c1",
                20,
                "JOINT",
                List.of(),
                deltas,
                Decision.PROMOTED,
                "Better.",
                1,
                NOON,
                new EvaluatedPool(50, 1_000, "judged ones"));
    }
}
