package dev.tandem.trainer.resume;

import static java.util.Objects.requireNonNull;

import dev.tandem.trainer.batch.PoolState;
import dev.tandem.trainer.recipe.RerankerWarmUp;
import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How far a training has come: the part of its {@link TrainingState} that moves with every step. */
public final class Progress {
    private static final long NOT_YET = -1;

    private final TrainingRecipe recipe;
    private final String run;
    private final Deque<Double> recentLosses = new ArrayDeque<>();
    private final Map<String, Mean> losses = new TreeMap<>();
    private String checkpoint;
    private String champion;
    private Stage stage;
    private long step;
    private long stageStep;
    private long draws;
    private long lists;
    private long easyEndedAt = NOT_YET;
    private long freshestFeedbackAt;
    private LossWindows windows = LossWindows.NONE;

    private Progress(TrainingRecipe recipe, String run, Stage stage) {
        this.recipe = requireNonNull(recipe, "recipe is null");
        this.run = requireNonNull(run, "run is null");
        this.stage = requireNonNull(stage, "stage is null");
    }

    /**
     * A run that begins now, at the first stage that its models need and the recipe does not skip.
     *
     * @param initial state of the checkpoint it begins from: stages that are over there are over here; empty where it begins
     *     from models alone
     */
    public static Progress beginning(TrainingRecipe recipe, String run, Optional<TrainingState> initial) {
        Stage first = initial.map(Progress::unfinishedStage).orElse(Stage.RETRIEVER_WARM_UP);
        while (first != Stage.JOINT && recipe.steps(first) == 0) {
            first = first.next();
        }
        return new Progress(recipe, run, first);
    }

    private static Stage unfinishedStage(TrainingState state) {
        return resumed(state, state.recipe()).isStageOver() ? state.stage().next() : state.stage();
    }

    /**
     * A run that goes on from a checkpoint.
     *
     * @param recipe hyperparameters from now on; they may differ from those of the checkpoint
     */
    public static Progress resumed(TrainingState state, TrainingRecipe recipe) {
        Progress progress = new Progress(recipe, state.run(), state.stage());
        progress.checkpoint = state.checkpoint();
        progress.champion = state.champion();
        progress.step = state.step();
        progress.stageStep = state.stageStep();
        progress.draws = state.draws();
        progress.lists = state.lists();
        progress.easyEndedAt = state.easyEndedAt();
        progress.freshestFeedbackAt = state.freshestFeedbackAt();
        progress.recentLosses.addAll(state.recentLosses());
        progress.windows = state.windows();
        return progress;
    }

    /** The state to save as a checkpoint, named by run and step. */
    public TrainingState toSave(Position position, PoolState pool, Map<String, Long> updates, long now) {
        return new TrainingState(
                run,
                run + "-" + step,
                checkpoint,
                step,
                stage,
                stageStep,
                draws,
                lists,
                isRerankerTrained(),
                easyEndedAt,
                new ArrayList<>(recentLosses),
                windows,
                losses,
                champion,
                freshestFeedbackAt,
                now,
                position,
                pool,
                updates,
                recipe);
    }

    /** A checkpoint was saved: it is the parent of the next, and losses are averaged anew. */
    public void saved(String id) {
        checkpoint = id;
        losses.clear();
    }

    /** A batch was drawn. */
    public void drew() {
        draws++;
    }

    /** Goes on with the numbers of later draws, so that other lists are drawn than those that led into trouble. */
    public void goOnDrawingAt(long number) {
        draws = Math.max(draws, number);
    }

    /**
     * An update was made.
     *
     * @param loss the loss it minimised
     * @param terms its terms
     * @param feedbackAt event time of the newest feedback in the lists, milliseconds since 1970
     */
    public void updated(double loss, Map<String, Double> terms, int listsUsed, long feedbackAt) {
        if (stage != Stage.JOINT && !isEasy()) {
            windows = windows.plus(loss, recipe.plateau(), recipe.guessingLoss(stage));
        }
        step++;
        stageStep++;
        lists += listsUsed;
        freshestFeedbackAt = Math.max(freshestFeedbackAt, feedbackAt);
        terms.forEach((name, value) -> losses.merge(name, Mean.NONE.plus(value), (old, one) -> old.plus(value)));
        if (stage == Stage.RERANKER_WARM_UP && easyEndedAt == NOT_YET) {
            watchEasyPart(loss);
        }
    }

    private void watchEasyPart(double loss) {
        RerankerWarmUp warmUp = recipe.rerankerWarmUp();
        recentLosses.addLast(loss);
        if (recentLosses.size() > warmUp.easyWindow()) {
            recentLosses.removeFirst();
        }
        double mean =
                recentLosses.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        boolean learned = recentLosses.size() == warmUp.easyWindow() && mean < warmUp.easyUntilLoss();
        if (stageStep >= warmUp.easySteps() || learned) {
            easyEndedAt = stageStep;
            recentLosses.clear();
        }
    }

    /**
     * Whether the stage has made all its updates, or is a warm-up that gains nothing more; the joint stage has no end unless
     * the recipe sets one.
     */
    public boolean isStageOver() {
        return isPlateau() || (recipe.steps(stage) > 0 && stageStep >= recipe.steps(stage));
    }

    /** Whether the stage is a warm-up whose loss no longer falls. */
    public boolean isPlateau() {
        return windows.plateau();
    }

    /** Enters the next stage that the recipe does not skip. */
    public void enterNextStage() {
        do {
            stage = stage.next();
        } while (stage != Stage.JOINT && recipe.steps(stage) == 0);
        stageStep = 0;
        windows = LossWindows.NONE;
    }

    /** Whether negatives are random passages now. */
    public boolean isEasy() {
        return stage == Stage.RERANKER_WARM_UP
                && easyEndedAt == NOT_YET
                && recipe.rerankerWarmUp().easySteps() > 0;
    }

    /** Whether the re-ranker has learned enough to be asked: it has met hard negatives, or was given as trained. */
    public boolean isRerankerTrained() {
        boolean metHardNegatives = easyEndedAt != NOT_YET && stageStep > easyEndedAt;
        return stage == Stage.JOINT || (stage == Stage.RERANKER_WARM_UP && metHardNegatives);
    }

    /** Takes note of the champion; true if it is another than before. */
    public boolean championIs(String id) {
        boolean changed = id != null && !id.equals(champion);
        champion = id == null ? champion : id;
        return changed;
    }

    public TrainingRecipe recipe() {
        return recipe;
    }

    public Stage stage() {
        return stage;
    }

    public long step() {
        return step;
    }

    public long stageStep() {
        return stageStep;
    }

    public long draws() {
        return draws;
    }

    public long lists() {
        return lists;
    }

    public long freshestFeedbackAt() {
        return freshestFeedbackAt;
    }

    /** Id of the newest checkpoint of this run, null before the first. */
    public String checkpoint() {
        return checkpoint;
    }
}
