package dev.tandem.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.checkpoint.FlakyStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnreachableStoreTest {
    private static final int STEPS = 20;

    @TempDir
    private Path directory;

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> announced = new ArrayList<>();

    /** A second later each time it is asked. */
    private final AtomicLong seconds = new AtomicLong();

    private final InstantSource ticking = () -> Instant.ofEpochSecond(seconds.incrementAndGet());

    @Test
    void trainingGoesOnAndIsSavedWhenTheStoreIsBack() throws IOException {
        AtomicInteger tries = new AtomicInteger();

        train(method -> method.equals("begin") && tries.incrementAndGet() <= 2, 100);

        assertEquals(2, meters.counter("trainer.checkpoints.failed").count());
        assertEquals("tiny-" + STEPS, announced.get(announced.size() - 1));
        assertTrue(announced.size() < 7, "seven would be saved if the store were there: " + announced);
    }

    @Test
    void aCheckpointIsSavedEvenIfOldOnesCannotBeDeleted() throws IOException {
        train(method -> method.equals("delete"), 1);

        assertEquals(0, meters.counter("trainer.checkpoints.failed").count());
        assertEquals(7, announced.size());
        assertEquals(7, store().list().size());
    }

    private CheckpointStore store() {
        return CheckpointStore.in(directory.resolve("store"));
    }

    private void train(Predicate<String> isCutOff, int keep) throws IOException {
        new Training(
                        new MemoryLists(TinyTraining.lists(20)),
                        new Checkpoints(new FlakyStore(store(), isCutOff), keep, saved -> announced.add(saved.getId())),
                        () -> Promotions.NONE,
                        TinyTraining.recipe(STEPS - 5),
                        TinyTraining.settings(TinyTraining.initial(directory.resolve("initial")), 4),
                        new TrainerMetrics(meters),
                        ticking.withZone(ZoneOffset.UTC),
                        update -> {})
                .run();
    }
}
