package dev.tandem.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.trainer.TrainerConfig;
import dev.tandem.trainer.Update;
import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.recipe.TrainingRecipe;
import dev.tandem.trainer.stage.StepLosses;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingLineTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void saysHowFarItIsAndWhenItMayBeOver() {
        TrainingLine line = new TrainingLine(TrainingRecipe.paper(), 4000);

        assertEquals(
                "[#####...............] 1000/4000 | retriever warm up 1000/10000, loss 0.250",
                line.of(update(1000), 7 * SECOND));
        assertEquals(
                "[#####...............] 1001/4000 | retriever warm up 1001/10000, loss 0.250, 2.00 s/step, ETA 1:39:58",
                line.of(update(1001), 9 * SECOND));
    }

    @Test
    void knowsNoEndWhereThereIsNone() {
        TrainingLine line = new TrainingLine(TrainingRecipe.paper(), 0);

        assertEquals("step 1 | retriever warm up 1/10000, loss 0.250", line.of(update(1), 0));
    }

    @Test
    void countsNoStepsOfStagesThatHaveEndedBefore() {
        TrainingRecipe recipe = TrainerConfig.of(Map.of("trainer.recipe.joint.steps", "100"))
                .recipe()
                .asRecipe();
        TrainingLine line = new TrainingLine(recipe, 0);
        StepLosses losses = new StepLosses(0.25, Map.of(), 100, 110);

        assertEquals(
                "[##########..........] 50/100 | joint 50/100, loss 0.250",
                line.of(new Update(Stage.JOINT, 50, 50, losses, 1, 1e-3), 0));
    }

    private static Update update(long step) {
        return new Update(Stage.RETRIEVER_WARM_UP, step, step, new StepLosses(0.25, Map.of(), 100, 110), 1, 1e-3);
    }
}
