package dev.tandem.quickstart.ablation;

import dev.tandem.trainer.TrainingSettings;
import dev.tandem.trainer.Update;
import dev.tandem.trainer.offline.Layout;
import dev.tandem.trainer.offline.ListFiles;
import dev.tandem.trainer.offline.OfflineTraining;
import dev.tandem.trainer.offline.RunDirectory;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One training in a directory of its own, that goes on where it was killed.
 *
 * @param lists files it learns from
 */
record TrainingRun(Path directory, List<Path> lists, TrainingRecipe recipe, TrainingSettings settings) {
    /** Told of a checkpoint on the way. */
    interface Stop {
        void at(long step, Path checkpoint) throws IOException;
    }

    /**
     * Trains to the end of some steps. What is learned does not depend on the stops: a training goes on exactly.
     *
     * @param steps updates in all
     * @param every updates from one stop to the next, 0 for none before the end
     * @param stop told of each, but for the end
     * @return the last checkpoint
     */
    Path train(long steps, int every, Consumer<Update> watcher, Stop stop) throws IOException {
        long reached = step();
        while (reached < steps) {
            long next = every == 0 ? steps : Math.min(steps, (reached / every + 1) * every);
            trainUntil(next, watcher);
            reached = next;
            if (reached < steps) {
                stop.at(reached, checkpoint());
            }
        }
        return checkpoint();
    }

    private void trainUntil(long step, Consumer<Update> watcher) throws IOException {
        try (RunDirectory run = RunDirectory.take(directory)) {
            ListFiles files = ListFiles.read(lists, Optional.of(Layout.TANDEM), 0, () -> {});
            new OfflineTraining(run, files, recipe, settings.endingAfter(step), watcher).run();
        }
        if (step() < step) {
            throw new IOException(
                    "Expected %d steps from the lists in %s, got %d. Raise trainer.recipe.replay.uses-per-champion, or give more training queries."
                            .formatted(step, lists, step()));
        }
    }

    private long step() throws IOException {
        try (RunDirectory run = RunDirectory.take(directory)) {
            return run.newest().map(newest -> newest.step()).orElse(0L);
        }
    }

    private Path checkpoint() throws IOException {
        try (RunDirectory run = RunDirectory.take(directory)) {
            return run.checkpoint(run.newest().orElseThrow().id());
        }
    }
}
