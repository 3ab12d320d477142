package dev.tandem.trainer.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.trainer.Update;
import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.stage.StepLosses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossHistoryTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void fiveSteps() throws IOException {
        file = directory.resolve("losses.jsonl");
        LossHistory history = new LossHistory(file);
        for (int step = 1; step <= 5; step++) {
            history.add(update(step));
        }
    }

    @Test
    void leavesAWholeFileAsItIs() throws IOException {
        FileTime longAgo = FileTime.fromMillis(0);
        Files.setLastModifiedTime(file, longAgo);

        List<Long> steps = steps(new LossHistory(file));

        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), steps);
        assertEquals(longAgo, Files.getLastModifiedTime(file));
    }

    @Test
    void forgetsALineThatIsTorn() throws IOException {
        String lines = Files.readString(file);
        Files.writeString(file, lines.substring(0, lines.length() - 10));

        new LossHistory(file).add(update(5));

        assertEquals(lines, Files.readString(file));
    }

    @Test
    void goesOnAfterALineWithoutAnEnd() throws IOException {
        Files.writeString(file, Files.readString(file).stripTrailing());

        new LossHistory(file).add(update(6));

        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), steps(new LossHistory(file)));
    }

    @Test
    void forgetsTheStepsThatAreMadeAgain() throws IOException {
        LossHistory history = new LossHistory(file);

        history.add(update(3));

        assertEquals(List.of(1L, 2L, 3L), steps(history));
        assertEquals(List.of(1L, 2L, 3L), steps(new LossHistory(file)));
    }

    @Test
    void keepsFewerPointsInMemoryThanInTheFile() throws IOException {
        String line = Files.readAllLines(file).get(0);
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= 50_000; step++) {
            lines.append(line.replace("\"step\":1", "\"step\":" + step)).append('\n');
        }
        Files.writeString(file, lines);

        List<Long> steps = steps(new LossHistory(file));

        assertEquals(12_500, steps.size());
        assertEquals(50_000, steps.get(12_499));
        assertTrue(Files.readString(file).contentEquals(lines));
    }

    private static List<Long> steps(LossHistory history) {
        return history.points().stream().map(LossHistory.Point::step).toList();
    }

    private static Update update(long step) {
        return new Update(
                Stage.RETRIEVER_WARM_UP, step, step, new StepLosses(0.25, Map.of("in-batch", 0.25), 100, 110), 1, 1e-3);
    }
}
