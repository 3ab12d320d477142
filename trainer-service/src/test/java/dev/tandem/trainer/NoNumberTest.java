package dev.tandem.trainer;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.trainer.recipe.RetrieverWarmUp;
import dev.tandem.trainer.recipe.Schedule;
import dev.tandem.trainer.recipe.TrainingRecipe;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoNumberTest {
    @Test
    void updatesWithoutANumberAreSkippedAndLeadBackToTheLastCheckpoint(@TempDir Path directory) throws Exception {
        MeterRegistry meters = new SimpleMeterRegistry();
        CheckpointStore store = CheckpointStore.in(directory.resolve("store"));
        Training training = training(directory, store, meters);
        Thread thread = new Thread(training::run);

        thread.start();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> meters.counter("trainer.returns.to.checkpoint").count() >= 1);
        training.stop();
        thread.join();

        double returns = meters.counter("trainer.returns.to.checkpoint").count();
        double skipped = meters.counter("trainer.updates.skipped").count();
        assertEquals(returns, Math.floor(skipped / 3), "three in a row lead back");
    }

    /** A rate so high that the first update makes the weights, and every loss after it, no numbers. */
    private static Training training(Path directory, CheckpointStore store, MeterRegistry meters) throws IOException {
        TrainingRecipe tiny = TinyTraining.recipe(0);
        TrainingRecipe exploding = new TrainingRecipe(
                1,
                new RetrieverWarmUp(100, 4, 1, 1e38, Schedule.constant()),
                tiny.rerankerWarmUp(),
                tiny.joint(),
                tiny.optimizer(),
                tiny.replay(),
                tiny.plateau(),
                tiny.tokensPerMicroBatch());
        return new Training(
                new MemoryLists(TinyTraining.lists(20)),
                new Checkpoints(store, 5, event -> {}),
                () -> Promotions.NONE,
                exploding,
                TinyTraining.settings(TinyTraining.initial(directory.resolve("initial")), 50),
                new TrainerMetrics(meters),
                Clock.systemUTC(),
                update -> {});
    }
}
