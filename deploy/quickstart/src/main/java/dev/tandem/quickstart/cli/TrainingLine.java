package dev.tandem.quickstart.cli;

import dev.tandem.trainer.Update;
import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.time.Duration;
import java.util.Locale;

/** One line that says how far a training is and when it may be over. */
final class TrainingLine {
    private static final int BAR = 20;
    /** Weight of the latest step in the mean time of a step. */
    private static final double LATEST = 0.1;

    private final TrainingRecipe recipe;
    private final long steps;
    private Stage stage;
    private long lastNanos;
    private double secondsPerStep;

    /**
     * @param mostSteps steps after which training ends, 0 if the recipe says
     */
    TrainingLine(TrainingRecipe recipe, long mostSteps) {
        this.recipe = recipe;
        this.steps = steps(recipe, mostSteps);
    }

    private static long steps(TrainingRecipe recipe, long mostSteps) {
        long joint = recipe.joint().steps();
        long all = (long) recipe.retrieverWarmUp().steps()
                + recipe.rerankerWarmUp().steps()
                + joint;
        if (joint == 0) {
            return mostSteps; // 0 for no end
        }
        return mostSteps == 0 ? all : Math.min(all, mostSteps);
    }

    /** After an update, made at a time. */
    String of(Update update, long nanos) {
        measure(update, nanos);
        long ofStage = recipe.steps(update.stage());
        String line = "%s %d%s, loss %s"
                .formatted(
                        update.stage().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        update.stageStep(),
                        ofStage > 0 ? "/" + ofStage : "",
                        String.format(Locale.ROOT, "%.3f", update.losses().total()));
        return steps == 0
                ? "step %d | %s%s".formatted(update.step(), line, pace())
                : "%s %d/%d | %s%s%s"
                        .formatted(bar(update.step()), update.step(), steps, line, pace(), left(update.step()));
    }

    private void measure(Update update, long nanos) {
        if (update.stage() == stage) {
            double latest = (nanos - lastNanos) / 1e9;
            secondsPerStep = secondsPerStep == 0 ? latest : secondsPerStep + LATEST * (latest - secondsPerStep);
        } else {
            secondsPerStep = 0; // steps of another stage take another time
        }
        stage = update.stage();
        lastNanos = nanos;
    }

    private String bar(long step) {
        int done = (int) Math.min(BAR, BAR * step / steps);
        return "[" + "#".repeat(done) + ".".repeat(BAR - done) + "]";
    }

    private String pace() {
        return secondsPerStep == 0 ? "" : String.format(Locale.ROOT, ", %.2f s/step", secondsPerStep);
    }

    /** As if the stages to come took as long per step as this one. */
    private String left(long step) {
        if (secondsPerStep == 0) {
            return "";
        }
        Duration left = Duration.ofSeconds(Math.round((steps - step) * secondsPerStep));
        return ", ETA %d:%02d:%02d".formatted(left.toHours(), left.toMinutesPart(), left.toSecondsPart());
    }
}
