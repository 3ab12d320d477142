package dev.tandem.quickstart.ablation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.quickstart.Screen;
import dev.tandem.quickstart.corpus.SmallCorpus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All variants from one warm start, with a few steps of tiny models. */
class AblationIT {
    private static final Map<String, String> TINY = Map.ofEntries(
            Map.entry("quickstart.vocabulary", "300"),
            Map.entry("quickstart.hidden", "32"),
            Map.entry("quickstart.intermediate", "64"),
            Map.entry("trainer.recipe.retriever-warm-up.steps", "6"),
            Map.entry("trainer.recipe.retriever-warm-up.warm-up-steps", "1"),
            Map.entry("trainer.recipe.reranker-warm-up.steps", "6"),
            Map.entry("trainer.recipe.reranker-warm-up.warm-up-steps", "1"),
            Map.entry("trainer.recipe.reranker-warm-up.easy-steps", "3"),
            Map.entry("trainer.recipe.joint.lists", "4"),
            Map.entry("trainer.recipe.joint.retriever-rate", "1e-2"),
            Map.entry("trainer.recipe.joint.reranker-rate", "1e-2"),
            Map.entry("miner.rerank-depth", "10"),
            Map.entry("evaluator.rerank-depth", "80"));

    @TempDir
    Path directory;

    private final StringWriter shown = new StringWriter();

    @Test
    void everyVariantIsTrainedFromTheSameWarmStartOnceAndGoesOnWhereItWasStopped() throws IOException {
        JsonNode table = run(List.of(Variant.WARM, Variant.FULL, Variant.SEPARATE), TINY);
        String results = results();

        assertEquals(1, table.path("full").path("seeds").asInt());
        assertNotEquals(
                table.path("warm").path("retriever mrr@10").path("mean").asDouble(),
                table.path("full").path("retriever mrr@10").path("mean").asDouble());
        assertTrue(table.path("full").path("retriever mrr@10 less separate").has("p"));
        assertTrue(shown.toString().contains("| `separate`: separate training | "), shown.toString());

        JsonNode all = run(List.of(Variant.values()), TINY);

        assertTrue(results().startsWith(results), "what was there is still there");
        assertEquals(9, results().lines().count(), "paper and length-8 are what the recipe does anyway");
        assertEquals(table.path("full"), all.path("full"));
        assertEquals(all.path("full"), all.path("paper"));
        assertEquals(
                all.path("warm").path("re-ranker mrr@10"),
                all.path("static").path("re-ranker mrr@10"),
                "it no longer learns, and orders the whole corpus");
        assertEquals(results(), rerun());
    }

    private String rerun() throws IOException {
        run(List.of(Variant.values()), TINY);
        return results();
    }

    @Test
    void measuresOnTheWayWithoutChangingWhatIsLearned() throws IOException {
        JsonNode plain = run(List.of(Variant.FULL), TINY);
        JsonNode measured = run(directory.resolve("measured"), List.of(Variant.FULL), TINY, 2);

        assertEquals(plain, measured);
        assertTrue(shown.toString().contains("seed 1, warm-retriever, step 4: retriever mrr@10 "), shown.toString());
        assertTrue(shown.toString().contains("seed 1 of 1, full, step 2: retriever mrr@10 "), shown.toString());
    }

    @Test
    void refusesASettingNobodyReads() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> StudySettings.of(Optional.empty(), OptionalInt.empty(), Map.of("miner.list-lenght", "9")));

        assertEquals("Setting miner.list-lenght is missing", refused.getMessage());
    }

    private JsonNode run(List<Variant> variants, Map<String, String> settings) throws IOException {
        return run(directory.resolve("out"), variants, settings, 0);
    }

    private JsonNode run(Path out, List<Variant> variants, Map<String, String> settings, int measureEvery)
            throws IOException {
        AblationRun run = new AblationRun(
                SmallCorpus.of(80, 20, 1),
                StudySettings.of(Optional.empty(), OptionalInt.of(3), new HashMap<>(settings)),
                new AblationOptions(
                        out, variants, Variant.SEPARATE, 1, Split.TEST, 0.5, Optional.empty(), measureEvery),
                new Screen(new PrintWriter(shown, true), false));
        run.run();
        return new JsonMapper().readTree(run.json());
    }

    private String results() throws IOException {
        return Files.readString(directory.resolve("out/results.jsonl"));
    }
}
