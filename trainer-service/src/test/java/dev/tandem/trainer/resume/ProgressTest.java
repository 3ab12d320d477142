package dev.tandem.trainer.resume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.trainer.batch.Origin;
import dev.tandem.trainer.batch.PoolState;
import dev.tandem.trainer.recipe.Plateau;
import dev.tandem.trainer.recipe.RerankerWarmUp;
import dev.tandem.trainer.recipe.RetrieverWarmUp;
import dev.tandem.trainer.recipe.Schedule;
import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTest {
    @Test
    void goesThroughTheStagesByTheirSteps() {
        Progress progress = Progress.beginning(recipe(2, 3, 0), "run", Optional.empty());

        update(progress, 2, 1);
        assertTrue(progress.isStageOver());
        progress.enterNextStage();

        assertEquals(Stage.RERANKER_WARM_UP, progress.stage());
        assertEquals(0, progress.stageStep());
        assertEquals(2, progress.step());
        update(progress, 3, 1);
        progress.enterNextStage();
        update(progress, 1000, 1);
        assertEquals(Stage.JOINT, progress.stage());
        assertFalse(progress.isStageOver());
    }

    @Test
    void skipsStagesWithoutSteps() {
        assertEquals(
                Stage.RERANKER_WARM_UP,
                Progress.beginning(recipe(0, 3, 0), "run", Optional.empty()).stage());
        assertEquals(
                Stage.JOINT,
                Progress.beginning(recipe(0, 0, 0), "run", Optional.empty()).stage());
    }

    @Test
    void easyNegativesEndWhenTheMeanLossHasFallen() {
        Progress progress = Progress.beginning(recipe(0, 100, 50), "run", Optional.empty());
        assertTrue(progress.isEasy());

        update(progress, 4, 2.0);
        update(progress, 3, 0.5); // the mean of the last four is 0.875
        assertTrue(progress.isEasy());
        assertFalse(progress.isRerankerTrained());
        update(progress, 1, 0.5);

        assertFalse(progress.isEasy());
        assertFalse(progress.isRerankerTrained(), "it has not met a hard negative yet");
        update(progress, 1, 2.0);
        assertTrue(progress.isRerankerTrained());
    }

    @Test
    void easyNegativesEndAtTheirMostStepsAtTheLatest() {
        Progress progress = Progress.beginning(recipe(0, 100, 6), "run", Optional.empty());

        update(progress, 5, 2.0);
        assertTrue(progress.isEasy());
        update(progress, 1, 2.0);

        assertFalse(progress.isEasy());
    }

    @Test
    void withoutAnEasyPartTheReRankerIsTrainedOnceItHasLearned() {
        Progress progress = Progress.beginning(recipe(0, 100, 0), "run", Optional.empty());
        assertFalse(progress.isEasy());
        assertFalse(progress.isRerankerTrained());

        update(progress, 2, 2.0);

        assertTrue(progress.isRerankerTrained());
    }

    @Test
    void aWarmUpEndsWithTheWindowWhoseLossNoLongerFalls() {
        Progress progress = Progress.beginning(recipe(100, 100, 0, 4), "run", Optional.empty());

        update(progress, 4, 1.0);
        update(progress, 4, 0.8);
        update(progress, 3, 0.73);
        assertFalse(progress.isStageOver(), "its window is not full");
        update(progress, 1, 0.73); // less than a tenth below 0.8
        assertTrue(progress.isStageOver());
        assertTrue(progress.isPlateau());
        progress.enterNextStage();

        assertFalse(progress.isStageOver(), "the next stage has losses of its own");
    }

    @Test
    void aLossNearThatOfGuessingIsNoPlateau() {
        Progress progress = Progress.beginning(recipe(0, 100, 0, 4), "run", Optional.empty());
        double guessing = Math.log(4); // lists of four

        update(progress, 40, guessing);
        assertFalse(progress.isStageOver());
        update(progress, 4, 0.5);
        assertFalse(progress.isStageOver());
        update(progress, 4, 0.5);
        assertTrue(progress.isStageOver());
    }

    @Test
    void easyNegativesAreNoPlateau() {
        Progress progress = Progress.beginning(recipe(0, 100, 50, 4), "run", Optional.empty());

        update(progress, 50, 0.9);
        assertFalse(progress.isEasy());
        assertFalse(progress.isStageOver());
        update(progress, 8, 0.9);

        assertTrue(progress.isStageOver());
    }

    @Test
    void aPlateauIsFoundAtTheSameUpdateAfterBeingSavedAndRead() {
        TrainingRecipe recipe = recipe(100, 100, 0, 4);
        Progress progress = Progress.beginning(recipe, "run", Optional.empty());
        update(progress, 6, 0.5);

        Progress resumed = Progress.resumed(saved(progress), recipe);
        update(resumed, 1, 0.5);
        assertFalse(resumed.isStageOver());
        update(resumed, 1, 0.5);

        assertTrue(resumed.isStageOver());
    }

    @Test
    void stagesThatAreOverInTheInitialCheckpointAreNotMadeAgain() {
        TrainingRecipe recipe = recipe(2, 3, 0);
        Progress given = Progress.beginning(recipe, "given", Optional.empty());
        update(given, 1, 1);
        assertEquals(Stage.RETRIEVER_WARM_UP, beginningWith(given).stage());
        update(given, 1, 1);
        assertEquals(Stage.RERANKER_WARM_UP, beginningWith(given).stage());
        given.enterNextStage();
        update(given, 3, 1);
        assertEquals(Stage.JOINT, beginningWith(given).stage());
        given.enterNextStage();

        assertEquals(Stage.JOINT, beginningWith(given).stage());
        assertEquals(0, beginningWith(given).step(), "a run of its own");
        assertEquals("run-0", saved(beginningWith(given)).checkpoint());
    }

    private static Progress beginningWith(Progress given) {
        return Progress.beginning(recipe(200, 300, 0), "run", Optional.of(saved(given)));
    }

    private static TrainingState saved(Progress progress) {
        return progress.toSave(Position.BEGINNING, PoolState.EMPTY, Map.of(), 0);
    }

    @Test
    void isTheSameAfterBeingSavedAndRead(@TempDir Path directory) throws IOException {
        TrainingRecipe recipe = recipe(0, 100, 50);
        Progress progress = Progress.beginning(recipe, "run", Optional.empty());
        progress.drew();
        update(progress, 3, 0.9);
        progress.championIs("run-1");
        TrainingState state = progress.toSave(
                new Position(Map.of(0, 7L, 1, 9L), 1, Set.of(new Origin(1, 8))),
                new PoolState(List.of(new PoolState.Partition(0, List.of(3L, 5L), List.of(PoolState.FRESH, 2)))),
                Map.of("reranker", 3L),
                1234);

        state.write(directory);
        TrainingState read = TrainingState.read(directory);

        assertTrue(TrainingState.isIn(directory));
        assertEquals(state, read);
        Progress resumed = Progress.resumed(read, recipe);
        assertEquals(state, resumedWithLosses(resumed, progress, state));
    }

    /** Losses are averaged anew after a checkpoint; all else is as before. */
    private static TrainingState resumedWithLosses(Progress resumed, Progress original, TrainingState state) {
        TrainingState again = resumed.toSave(state.position(), state.pool(), state.updates(), state.savedAt());
        assertEquals(Map.of(), again.losses());
        assertEquals("run-3", again.parent(), "the checkpoint that was resumed from");
        original.saved("run-3");
        assertEquals(again, original.toSave(state.position(), state.pool(), state.updates(), state.savedAt()));
        return state;
    }

    private static void update(Progress progress, int times, double loss) {
        for (int i = 0; i < times; i++) {
            progress.updated(loss, Map.of("cross-entropy", loss), 4, 99);
        }
    }

    private static TrainingRecipe recipe(int retrieverSteps, int rerankerSteps, int easySteps) {
        return recipe(retrieverSteps, rerankerSteps, easySteps, 0);
    }

    private static TrainingRecipe recipe(int retrieverSteps, int rerankerSteps, int easySteps, int window) {
        TrainingRecipe paper = TrainingRecipe.paper();
        return new TrainingRecipe(
                1,
                new RetrieverWarmUp(retrieverSteps, 4, 0, 1e-3, Schedule.constant()),
                new RerankerWarmUp(rerankerSteps, 4, 4, 1e-3, Schedule.constant(), easySteps, 0.8, 4, true, true),
                paper.joint(),
                paper.optimizer(),
                paper.replay(),
                new Plateau(window, 0.1),
                1000);
    }
}
