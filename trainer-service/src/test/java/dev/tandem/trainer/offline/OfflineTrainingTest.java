package dev.tandem.trainer.offline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.line.CandidateListLine;
import dev.tandem.trainer.TinyTraining;
import dev.tandem.trainer.Training.End;
import dev.tandem.trainer.TrainingSettings;
import dev.tandem.trainer.Update;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfflineTrainingTest {
    private static final List<CandidateList> LISTS = TinyTraining.lists(20);

    @TempDir
    private Path directory;

    private Path initial;
    private Path file;

    @BeforeEach
    void prepare() throws IOException {
        initial = TinyTraining.initial(directory.resolve("models"));
        file = write("lists.jsonl", LISTS);
    }

    @Test
    void twelveStepsAreFiveAndThenSeven() throws IOException {
        Path unbroken = directory.resolve("unbroken");
        Path broken = directory.resolve("broken");

        assertEquals(End.FINISHED, train(unbroken, 12, file));
        assertEquals(End.FINISHED, train(broken, 5, file));
        assertEquals(End.FINISHED, train(broken, 12, file));

        assertSameWeights(unbroken, broken, "tiny-12");
        assertEquals(
                Files.readString(unbroken.resolve("losses.jsonl")), Files.readString(broken.resolve("losses.jsonl")));
    }

    @Test
    void aRunThatIsKilledEndsAsOneThatIsNot() throws IOException {
        Path unbroken = directory.resolve("unbroken");
        Path killed = directory.resolve("killed");
        train(unbroken, 12, file);

        assertThrows(Killed.class, () -> train(killed, 12, TinyTraining.recipe(15), this::killAtStep11, file));
        assertEquals(End.FINISHED, train(killed, 12, file));

        assertSameWeights(unbroken, killed, "tiny-12");
        assertEquals(
                Files.readString(unbroken.resolve("losses.jsonl")), Files.readString(killed.resolve("losses.jsonl")));
    }

    @Test
    void aDamagedCheckpointIsSetAsideAndMadeAgain() throws IOException {
        Path unbroken = directory.resolve("unbroken");
        Path damaged = directory.resolve("damaged");
        train(unbroken, 8, file);
        train(damaged, 8, file);
        Files.writeString(damaged.resolve("checkpoints/tiny-8/training/state.json"), "{");

        assertEquals(End.FINISHED, train(damaged, 8, file));

        assertSameWeights(unbroken, damaged, "tiny-8");
        try (RunDirectory taken = RunDirectory.take(damaged)) {
            assertEquals("tiny-8", taken.resumed().orElseThrow().id());
        }
        try (Stream<Path> aside = Files.list(damaged.resolve("passed-over"))) {
            assertEquals(1, aside.count());
        }
    }

    @Test
    void goesOnWhereLossesCannotBeWritten() throws IOException {
        Path run = directory.resolve("run");

        assertEquals(End.FINISHED, train(run, 4, TinyTraining.recipe(15), update -> blockLosses(run, update), file));

        assertTrue(Files.readString(run.resolve("losses.html")).contains("step 4<"), "the plot has the last step");
    }

    private static void blockLosses(Path run, Update update) {
        try {
            if (update.step() == 2) {
                Files.delete(run.resolve("losses.jsonl"));
                Files.createDirectory(run.resolve("losses.jsonl"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void plotsEveryLossOfEveryStage() throws IOException {
        train(directory.resolve("run"), 12, file);

        String plot = Files.readString(directory.resolve("run/losses.html"));
        for (String chart : List.of(
                "retriever warm up: in batch", "reranker warm up: loss", "joint: distillation", "joint: loss")) {
            assertTrue(plot.contains("<h2>" + chart), chart);
        }
        assertEquals(-1, plot.indexOf("http"));
        assertTrue(plot.contains("joint.distillation=paper"));
    }

    @Test
    void endsWhenTheListsAreUsedUp() throws IOException {
        Path few = write("few.jsonl", LISTS.subList(0, 8));

        assertEquals(
                End.NOTHING_LEFT, train(directory.resolve("run"), 0, TinyTraining.recipe(1000), update -> {}, few));

        assertTrue(Files.exists(directory.resolve("run/losses.html")));
    }

    @Test
    void refusesToGoOnWithAnotherFile() throws IOException {
        Path run = directory.resolve("run");
        train(run, 2, file);
        Path other = write("other.jsonl", LISTS.subList(0, 12));

        String message =
                assertThrows(IOException.class, () -> train(run, 4, other)).getMessage();

        assertTrue(message.startsWith("Expected the files that the run in " + run + " has learned from"), message);
    }

    @Test
    void refusesToGoOnWhereNobodyKnowsFromWhatItHasLearned() throws IOException {
        Path run = directory.resolve("run");
        train(run, 2, file);
        Files.delete(run.resolve("run.json"));

        String message =
                assertThrows(IOException.class, () -> train(run, 4, file)).getMessage();

        assertTrue(message.startsWith("Expected " + run.resolve("run.json") + " beside the checkpoints"), message);
    }

    @Test
    void takesAFileThatWasMoved() throws IOException {
        Path run = directory.resolve("run");
        train(run, 2, file);

        assertEquals(End.FINISHED, train(run, 4, Files.move(file, directory.resolve("moved.jsonl"))));
    }

    @Test
    void isAloneInItsDirectory() throws IOException {
        try (RunDirectory taken = RunDirectory.take(directory.resolve("run"))) {
            String message = assertThrows(IOException.class, () -> RunDirectory.take(directory.resolve("run")))
                    .getMessage();

            assertTrue(message.startsWith("A training is running in"), message);
            assertEquals(Optional.empty(), taken.newest());
        }
    }

    private End train(Path run, long steps, Path... files) throws IOException {
        return train(run, steps, TinyTraining.recipe(15), update -> {}, files);
    }

    private End train(Path run, long steps, TrainingRecipe recipe, Consumer<Update> watcher, Path... files)
            throws IOException {
        ListFiles lists = ListFiles.read(List.of(files), Optional.empty(), 0, () -> {});
        try (RunDirectory taken = RunDirectory.take(run)) {
            TrainingSettings settings = TinyTraining.settings(initial, 4).endingAfter(steps);
            return new OfflineTraining(taken, lists, recipe, settings, watcher).run();
        }
    }

    private void killAtStep11(Update update) {
        if (update.step() == 11) {
            throw new Killed();
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private Path write(String name, List<CandidateList> lists) throws IOException {
        return Files.write(
                directory.resolve(name),
                lists.stream().map(CandidateListLine::write).toList());
    }

    private static void assertSameWeights(Path one, Path other, String checkpoint) throws IOException {
        Path expected = one.resolve("checkpoints").resolve(checkpoint);
        List<Path> weights = new ArrayList<>();
        try (Stream<Path> files = Files.walk(expected)) {
            files.filter(file -> file.toString().endsWith(".safetensors")).forEach(weights::add);
        }
        assertTrue(weights.size() >= 3, "models and moments, got " + weights);
        for (Path file : weights) {
            Path same = other.resolve("checkpoints").resolve(checkpoint).resolve(expected.relativize(file));
            assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(same), file.toString());
        }
    }
}
