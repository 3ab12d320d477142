package dev.tandem.quickstart.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.quickstart.Screen;
import dev.tandem.quickstart.TrainingLine;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import dev.tandem.retrieval.line.JsonLine;
import dev.tandem.trainer.Training.End;
import dev.tandem.trainer.TrainingSettings;
import dev.tandem.trainer.offline.ListFile;
import dev.tandem.trainer.offline.ListFiles;
import dev.tandem.trainer.offline.OfflineTraining;
import dev.tandem.trainer.offline.RunDirectory;
import dev.tandem.trainer.recipe.RecipeSettings;
import dev.tandem.trainer.recipe.TrainingRecipe;
import dev.tandem.trainer.resume.TrainingState;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A training on files as the user sees it: what it learns from and how, how far it is, and where the result lies. */
final class TrainOnFiles {
    private final RunDirectory directory;
    private final ListFiles files;
    private final TrainingRecipe recipe;
    private final TrainingSettings settings;
    private final Screen screen;
    private End end;

    TrainOnFiles(
            RunDirectory directory,
            ListFiles files,
            TrainingRecipe recipe,
            TrainingSettings settings,
            PrintWriter shown) {
        this.directory = directory;
        this.files = files;
        this.recipe = recipe;
        this.settings = settings;
        this.screen = new Screen(shown, Boolean.getBoolean("tandem.terminal"));
    }

    /** Trains to the end, or until Ctrl-C, which saves a last checkpoint. */
    void train() throws IOException {
        introduce();
        TrainingLine line = new TrainingLine(recipe, settings.mostSteps());
        OfflineTraining training = new OfflineTraining(
                directory, files, recipe, settings, update -> screen.progress(line.of(update, System.nanoTime())));
        try (Interruption interruption = new Interruption(() -> stop(training))) {
            end = training.run();
            conclude();
        }
    }

    private void stop(OfflineTraining training) {
        screen.say("stopping");
        training.stop();
    }

    private void introduce() throws IOException {
        for (ListFile file : files.files()) {
            screen.say("%s: %,d lists (%s)".formatted(file.path(), file.lists(), file.layout()));
        }
        RecipeSettings.of(recipe).forEach((key, value) -> screen.print("  " + key + "=" + value));
        screen.say("device %s, precision %s"
                .formatted(
                        settings.compute().device(),
                        JsonLine.name(settings.compute().precision())));
        Optional<Checkpoint> resumed = directory.resumed();
        if (resumed.isPresent()) {
            TrainingState state = TrainingState.read(resumed.get().directory());
            screen.say("going on from checkpoint %s, step %d".formatted(state.checkpoint(), state.step()));
            showChanges(state.recipe());
        } else {
            screen.say("beginning with the models of " + settings.initial());
        }
    }

    private void showChanges(TrainingRecipe before) {
        Map<String, String> old = RecipeSettings.of(before);
        RecipeSettings.of(recipe).forEach((key, value) -> {
            if (!value.equals(old.get(key))) {
                screen.say("changed since that checkpoint: %s=%s, was %s".formatted(key, value, old.get(key)));
            }
        });
    }

    private void conclude() {
        screen.say(
                switch (end) {
                    case FINISHED -> "done: step %d".formatted(step());
                    case STOPPED -> "stopped at step %d; the same command goes on from there".formatted(step());
                    case NOTHING_LEFT ->
                        "ended at step %d, for no list may be used again. More lists, or a higher replay.uses-per-champion (now %d), let it go on."
                                .formatted(step(), recipe.replay().usesPerChampion());
                });
        directory.newest().ifPresent(newest -> screen.say("checkpoint: " + directory.checkpoint(newest.id())));
        screen.say("losses: " + directory.plot());
    }

    private long step() {
        return directory.newest().map(CheckpointManifest.Header::step).orElse(0L);
    }

    /** What became of it, as one JSON line. */
    String result() {
        return new JsonMapper()
                .createObjectNode()
                .put("end", end.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("step", step())
                .put(
                        "checkpoint",
                        directory
                                .newest()
                                .map(newest -> directory.checkpoint(newest.id()).toString())
                                .orElse(null))
                .put("losses", directory.plot().toString())
                .put("lists", files.lists())
                .put("refused", files.refusals().count())
                .toString();
    }
}
