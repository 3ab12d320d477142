package dev.tandem.trainer.offline;

import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import dev.tandem.trainer.Checkpoints;
import dev.tandem.trainer.Promotions;
import dev.tandem.trainer.TrainerMetrics;
import dev.tandem.trainer.Training;
import dev.tandem.trainer.TrainingSettings;
import dev.tandem.trainer.Update;
import dev.tandem.trainer.recipe.RecipeSettings;
import dev.tandem.trainer.recipe.TrainingRecipe;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Training} on files: begins, or goes on from the newest checkpoint of its directory, and leaves a plot of the
 * losses of all its updates there.
 */
public final class OfflineTraining {
    private static final Logger LOG = LoggerFactory.getLogger(OfflineTraining.class);

    private final RunDirectory directory;
    private final TrainingRecipe recipe;
    private final Training training;
    private final LossHistory history;
    private final Consumer<Update> watcher;
    private long lastStep;
    private boolean lossesLost;

    /**
     * A training that has not begun.
     *
     * @param watcher told of every update
     * @throws IOException if the directory's run has learned from other files, or cannot be written
     */
    public OfflineTraining(
            RunDirectory directory,
            ListFiles lists,
            TrainingRecipe recipe,
            TrainingSettings settings,
            Consumer<Update> watcher)
            throws IOException {
        requireLabels(lists, recipe);
        directory.claim(lists.files());
        this.directory = directory;
        this.recipe = recipe;
        this.watcher = watcher;
        this.history = new LossHistory(directory.losses());
        this.training = new Training(
                new FileLists(lists.files()),
                new Checkpoints(directory.store(), settings.keep()),
                () -> Promotions.NONE,
                recipe,
                settings,
                new TrainerMetrics(new SimpleMeterRegistry()),
                Clock.systemUTC(),
                this::updated);
    }

    private static void requireLabels(ListFiles lists, TrainingRecipe recipe) throws IOException {
        boolean warmUp =
                recipe.retrieverWarmUp().steps() > 0 || recipe.rerankerWarmUp().steps() > 0;
        if (warmUp && lists.labelled() == 0) {
            throw new IOException(
                    "Expected lists with a positive for the warm-ups, all %d have none. Set retriever-warm-up.steps and reranker-warm-up.steps to 0 for models that are trained already."
                            .formatted(lists.lists()));
        }
    }

    private void updated(Update update) {
        try {
            history.add(update);
        } catch (IOException e) {
            tellOnce(e, update.step());
        }
        lastStep = update.step();
        watcher.accept(update);
    }

    private void tellOnce(IOException e, long step) {
        if (!lossesLost) {
            LOG.error(
                    "Cannot write {}; training goes on, but losses are missing there step={}. Free space, or check that it can be written to.",
                    directory.losses(),
                    step,
                    e);
        }
        lossesLost = true;
    }

    /**
     * Trains until the steps are made, {@link #stop} is called or the lists are used up, and writes the plot, if it can.
     *
     * @throws IOException if the last steps could not be saved
     */
    public Training.End run() throws IOException {
        Training.End end = training.run();
        plot();
        long saved = directory.newest().map(CheckpointManifest.Header::step).orElse(0L);
        if (saved < lastStep) {
            throw new IOException(
                    "Expected the last checkpoint at step %d, it is at step %d: the later steps are lost. Free space in %s and run the command again."
                            .formatted(lastStep, saved, directory.plot().getParent()));
        }
        return end;
    }

    private void plot() {
        String title = "Losses of " + directory.plot().getParent().getFileName();
        try {
            Files.writeString(directory.plot(), LossPlot.html(title, history.points(), RecipeSettings.of(recipe)));
        } catch (IOException e) {
            LOG.error("Cannot write {}. Free space, or check that it can be written to.", directory.plot(), e);
        }
    }

    /** Makes {@link #run} save a last checkpoint and return, from any thread. */
    public void stop() {
        training.stop();
    }
}
