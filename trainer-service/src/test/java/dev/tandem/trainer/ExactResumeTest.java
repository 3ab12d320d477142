package dev.tandem.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.CheckpointSaved;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.resume.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is killed and started again against one that is not: with dropout, through all stages. */
class ExactResumeTest {
    private static final int JOINT_STEPS = 15; // after 2 and 3 of warm-up: 20 in all

    @TempDir
    Path directory;

    private Path initial;
    private final List<CheckpointSaved> announced = new ArrayList<>();

    @BeforeEach
    void initialise() throws IOException {
        initial = TinyTraining.initial(directory.resolve("initial"));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 11, 16})
    void endsWithTheSameWeightsAsARunThatWasNeverKilled(int killedAtPoll) throws IOException {
        Path unbroken = directory.resolve("unbroken");
        Path killed = directory.resolve("killed");
        training(new MemoryLists(TinyTraining.lists(20)), unbroken).run();

        assertThrows(
                Killed.class, () -> training(killedAt(killedAtPoll), killed).run());
        training(new MemoryLists(TinyTraining.lists(20)), killed).run();

        Checkpoint expected = CheckpointStore.in(unbroken).find("tiny-20").orElseThrow();
        Checkpoint actual = CheckpointStore.in(killed).find("tiny-20").orElseThrow();
        assertSameFiles(expected.directory(), actual.directory());
        TrainingState one = TrainingState.read(expected.directory());
        TrainingState other = TrainingState.read(actual.directory());
        assertEquals(one.pool(), other.pool());
        assertEquals(one.position(), other.position());
        assertEquals(one.lists(), other.lists());
        assertEquals(one.losses(), other.losses());
    }

    @Test
    void savesEachStageAndSaysWhetherTheReRankerIsTrained() throws IOException {
        training(new MemoryLists(TinyTraining.lists(20)), directory.resolve("store"))
                .run();

        assertEquals(
                List.of("tiny-2", "tiny-4", "tiny-5", "tiny-8", "tiny-12", "tiny-16", "tiny-20"),
                announced.stream().map(CheckpointSaved::getId).toList());
        assertEquals(
                List.of(false, true, true, true, true, true, true),
                announced.stream().map(CheckpointSaved::getRerankerTrained).toList());
        assertEquals(null, announced.get(0).getParent());
        assertEquals("tiny-2", announced.get(1).getParent());
        assertEquals("RETRIEVER_WARM_UP", announced.get(0).getStage().name());
        assertEquals(Stage.JOINT.name(), announced.get(3).getStage().name());
        assertTrue(announced.get(3).getLosses().keySet().containsAll(List.of("distillation", "cross-entropy")));
        assertTrue(announced.get(6).getLists() == 80);
    }

    @Test
    void announcesTheNewestCheckpointAgainAtStart() {
        Path store = directory.resolve("store");
        training(new MemoryLists(TinyTraining.lists(20)), store).run();
        CheckpointSaved last = announced.get(announced.size() - 1);

        training(new MemoryLists(TinyTraining.lists(20)), store).run();

        assertEquals(last, announced.get(announced.size() - 1));
        assertEquals(8, announced.size());
    }

    private Training training(ListSource lists, Path store) {
        return TinyTraining.training(
                lists, store, TinyTraining.recipe(JOINT_STEPS), TinyTraining.settings(initial, 4), announced::add);
    }

    private static void assertSameFiles(Path expected, Path actual) throws IOException {
        Map<String, byte[]> one = files(expected);
        Map<String, byte[]> other = files(actual);
        assertEquals(one.keySet(), other.keySet());
        for (String file : one.keySet()) {
            if (!file.endsWith("state.json") && !file.equals("manifest.json")) { // they hold the time
                assertArrayEquals(one.get(file), other.get(file), file);
            }
        }
    }

    private static SortedMap<String, byte[]> files(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            SortedMap<String, byte[]> files = new TreeMap<>();
            for (Path file : tree.filter(Files::isRegularFile).collect(Collectors.toList())) {
                files.put(directory.relativize(file).toString(), Files.readAllBytes(file));
            }
            return files;
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static ListSource killedAt(int fatalPoll) {
        AtomicInteger polls = new AtomicInteger();
        return new MemoryLists(TinyTraining.lists(20), () -> {
            if (polls.incrementAndGet() == fatalPoll) {
                throw new Killed();
            }
        });
    }
}
