package dev.tandem.quickstart.ablation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {
    private static final Map<String, String> STUDY = Map.of("trainer.recipe.joint.steps", "120", "split", "dev");

    @TempDir
    Path directory;

    @Test
    void keepsResultsFromOneProcessToTheNext() throws IOException {
        new ResultsFile(directory, STUDY).add(result(Variant.FULL, 2));

        ResultsFile again = new ResultsFile(directory, STUDY);

        Result found = again.find(Variant.FULL, 2).orElseThrow();
        assertEquals(7, found.steps());
        assertEquals(1.5, found.seconds());
        assertArrayEquals(new double[] {1, 1 / 3.0}, found.values().get(Measure.RETRIEVER_MRR));
        assertTrue(again.find(Variant.FULL, 1).isEmpty());
        assertTrue(again.find(Variant.STATIC, 2).isEmpty());
    }

    @Test
    void leavesOutALineThatWasTornWhenTheProcessWasKilled() throws IOException {
        new ResultsFile(directory, STUDY).add(result(Variant.FULL, 1));
        Files.writeString(directory.resolve("results.jsonl"), "{\"variant\":\"STA", StandardOpenOption.APPEND);

        new ResultsFile(directory, STUDY).add(result(Variant.STATIC, 1));

        assertEquals(2, new ResultsFile(directory, STUDY).all().size());
    }

    @Test
    void leavesOutAResultOfWhichNotAllWasMeasuredThatIsMeasuredNow() throws IOException {
        new ResultsFile(directory, STUDY).add(result(Variant.FULL, 1));
        Path file = directory.resolve("results.jsonl");
        Files.writeString(file, Files.readString(file).replace("fused", "formerly"));

        assertEquals(0, new ResultsFile(directory, STUDY).all().size());
    }

    @Test
    void refusesTheDirectoryOfAnotherStudy() throws IOException {
        new ResultsFile(directory, STUDY).add(result(Variant.FULL, 1));
        Map<String, String> other = Map.of("trainer.recipe.joint.steps", "300", "split", "dev");

        IOException refused = assertThrows(IOException.class, () -> new ResultsFile(directory, other));

        assertEquals(
                "The results in %s are of another study: trainer.recipe.joint.steps was 120, is 300. Give another --out."
                        .formatted(directory),
                refused.getMessage());
    }

    static Result result(Variant variant, long seed) {
        return new Result(
                variant,
                seed,
                7,
                1.5,
                Map.of(
                        Measure.RETRIEVER_MRR, new double[] {1, 1 / 3.0},
                        Measure.RETRIEVER_RECALL, new double[] {1, 1},
                        Measure.RERANKER_MRR, new double[] {0.5, seed},
                        Measure.FUSED_MRR, new double[] {0.5, 1}));
    }
}
