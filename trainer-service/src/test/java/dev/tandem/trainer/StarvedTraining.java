package dev.tandem.trainer;

import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.trainer.recipe.Joint;
import dev.tandem.trainer.recipe.Replay;
import dev.tandem.trainer.recipe.TrainingRecipe;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A training in a process of its own whose memory is limited to so much more than it has when its models are open; prints how
 * often that did not suffice.
 *
 * <pre>
 * StarvedTraining STORE INITIAL MEGABYTES
 * </pre>
 *
 * MEGABYTES is 0 for no limit.
 */
public final class StarvedTraining {
    static final int STEPS = 3;

    private StarvedTraining() {}

    public static void main(String[] arguments) {
        int megabytes = Integer.parseInt(arguments[2]);
        AtomicBoolean isLimited = new AtomicBoolean(megabytes == 0);
        MeterRegistry meters = new SimpleMeterRegistry();
        TrainingSettings settings = new TrainingSettings(
                Path.of(arguments[1]), "starved", 100, Duration.ofHours(1), 5, 1, 3, Compute.FLOAT32, 0);
        new Training(
                        new MemoryLists(TinyTraining.lists(200), () -> {
                            if (isLimited.compareAndSet(false, true)) { // models are open, no step is made
                                limit(megabytes);
                            }
                        }),
                        new Checkpoints(CheckpointStore.in(Path.of(arguments[0])), settings.keep()),
                        () -> Promotions.NONE,
                        recipe(),
                        settings,
                        new TrainerMetrics(meters),
                        Clock.systemUTC(),
                        update -> {})
                .run();
        System.out.printf(
                "out of memory: %.0f%n", meters.counter("trainer.out.of.memory").count());
    }

    /** Joint steps alone, each one graph as long as memory suffices. */
    private static TrainingRecipe recipe() {
        TrainingRecipe tiny = TinyTraining.recipe(STEPS);
        Joint joint = tiny.joint();
        return new TrainingRecipe(
                1,
                TinyTraining.noRetrieverWarmUp(),
                TinyTraining.noRerankerWarmUp(),
                new Joint(
                        STEPS,
                        192,
                        32,
                        joint.retrieverRate(),
                        joint.rerankerRate(),
                        joint.schedule(),
                        joint.distillation(),
                        true,
                        false,
                        1,
                        1),
                tiny.optimizer(),
                new Replay(0, 50, 1000, 1000, 192),
                tiny.plateau(),
                1_000_000);
    }

    private static void limit(int megabytes) {
        try {
            long now = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmSize:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElseThrow();
            long most = now + ((long) megabytes << 20);
            int status = new ProcessBuilder(
                            "prlimit",
                            "--pid",
                            Long.toString(ProcessHandle.current().pid()),
                            "--as=" + most)
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("prlimit failed with status " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot limit the memory of this process", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
