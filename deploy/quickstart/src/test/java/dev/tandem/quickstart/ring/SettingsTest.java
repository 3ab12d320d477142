package dev.tandem.quickstart.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.trainer.TrainerConfig;
import dev.tandem.trainer.recipe.Joint;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    /** It is also what Compose and Kubernetes are shown with. */
    @Test
    void theRecipeGoesOnWithoutAnEnd() {
        Joint joint = joint(Settings.quickstart());

        assertEquals(0, joint.steps());
        assertEquals(120, joint.schedule().decaySteps());
        assertEquals(120, Settings.quickstart().plannedJointSteps());
    }

    @Test
    void ratesHaveFallenWhereAUserEndsTheJointStage() {
        Settings ended = Settings.quickstart().withUsers(Map.of("trainer.recipe.joint.steps", "300"));

        assertEquals(300, ended.plannedJointSteps());
        assertEquals(300, joint(ended).schedule().decaySteps());
        assertEquals(0, joint(ended.endingJointAt(0)).steps());
        assertEquals(
                500,
                joint(Settings.quickstart()
                                .withUsers(Map.of(
                                        "trainer.recipe.joint.steps",
                                        "300",
                                        "trainer.recipe.joint.decay-steps",
                                        "500")))
                        .schedule()
                        .decaySteps());
    }

    @Test
    void aSettingThatNobodyReadsIsRefused() {
        Map<String, String> mistyped = Map.of("evaluater.alpha", "0.1");
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> Settings.quickstart().withUsers(mistyped))
                .getMessage();

        assertTrue(message.contains("evaluater.alpha") && message.contains("evaluator."), message);
    }

    private static Joint joint(Settings settings) {
        return TrainerConfig.of(settings.of(Service.TRAINER))
                .recipe()
                .asRecipe()
                .joint();
    }
}
