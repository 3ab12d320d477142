package dev.tandem.quickstart;

import dev.tandem.trainer.Update;
import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.time.Duration;
import java.util.Locale;

/** One line that says how far a training is and when it may be over. */
public final class TrainingLine {
    private static final int BAR = 20;
    /** Weight of the latest step in the mean time of a step. */
    private static final double LATEST = 0.1;

    private final TrainingRecipe recipe;
    private final long mostSteps;
    private Stage stage;
    private long lastNanos;
    private double secondsPerStep;

    /**
     * @param mostSteps steps after which training ends, 0 if the recipe says
     */
    public TrainingLine(TrainingRecipe recipe, long mostSteps) {
        this.recipe = recipe;
        this.mostSteps = mostSteps;
    }

    /** After an update, made at a time. */
    public String of(Update update, long nanos) {
        measure(update, nanos);
        long ofStage = recipe.steps(update.stage());
        String line = "%s %d%s, loss %s"
                .formatted(
                        update.stage().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        update.stageStep(),
                        ofStage > 0 ? "/" + ofStage : "",
                        String.format(Locale.ROOT, "%.3f", update.losses().total()));
        long left = stepsLeft(update);
        if (left == Long.MAX_VALUE) {
            return "step %d | %s%s".formatted(update.step(), line, pace());
        }
        long steps = update.step() + left;
        return "%s %d/%d | %s%s%s".formatted(bar(update.step(), steps), update.step(), steps, line, pace(), eta(left));
    }

    /** As the recipe and the limit say; fewer, where a warm-up ends before its steps are made. */
    private long stepsLeft(Update update) {
        long byLimit = mostSteps == 0 ? Long.MAX_VALUE : mostSteps - update.step();
        if (recipe.steps(Stage.JOINT) == 0) {
            return byLimit;
        }
        long left = -update.stageStep();
        for (Stage each : Stage.values()) {
            left += each.compareTo(update.stage()) < 0 ? 0 : recipe.steps(each);
        }
        return Math.min(byLimit, left);
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

    private static String bar(long step, long steps) {
        int done = (int) Math.min(BAR, BAR * step / steps);
        return "[" + "#".repeat(done) + ".".repeat(BAR - done) + "]";
    }

    private String pace() {
        return secondsPerStep == 0 ? "" : String.format(Locale.ROOT, ", %.2f s/step", secondsPerStep);
    }

    /** As if the stages to come took as long per step as this one. */
    private String eta(long steps) {
        if (secondsPerStep == 0) {
            return "";
        }
        Duration left = Duration.ofSeconds(Math.round(steps * secondsPerStep));
        return ", ETA %d:%02d:%02d".formatted(left.toHours(), left.toMinutesPart(), left.toSecondsPart());
    }
}
