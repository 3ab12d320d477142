package dev.tandem.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.Precision;
import dev.tandem.trainer.recipe.Distillation;
import dev.tandem.trainer.recipe.RecipeSettings;
import dev.tandem.trainer.recipe.Schedule;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TrainerConfigTest {
    @Test
    void defaultsAreThePapers() {
        assertEquals(TrainingRecipe.paper(), config(Map.of()).recipe().asRecipe());
    }

    @Test
    void readsHyperparametersByTheirNames() {
        TrainingRecipe recipe = config(Map.of(
                        "trainer.recipe.joint.distillation", "ensemble",
                        "trainer.recipe.joint.in-batch-weight", "0.5",
                        "trainer.recipe.retriever-warm-up.steps", "450",
                        "trainer.recipe.retriever-warm-up.warm-up-steps", "27",
                        "trainer.recipe.retriever-warm-up.floor-share", "0.1",
                        "trainer.recipe.optimizer.beta2", "0.98"))
                .recipe()
                .asRecipe();

        assertEquals(Distillation.ENSEMBLE, recipe.joint().distillation());
        assertEquals(0.5, recipe.joint().inBatchWeight());
        assertEquals(
                new Schedule(27, Schedule.Decay.LINEAR, 450, 0.1),
                recipe.retrieverWarmUp().schedule());
        assertEquals(0.98, recipe.optimizer().beta2());
    }

    @Test
    void namesARunByItsTimeUnlessItIsNamed() {
        assertEquals("1l1c0", config(Map.of()).asSettings(2_661_120_000L).run());
        assertEquals("blue", config(Map.of("trainer.run", "blue")).asSettings(0).run());
    }

    @Test
    void readsDeviceAndPrecision() {
        assertEquals(
                new Compute("auto", Precision.AUTO),
                config(Map.of()).asSettings(0).compute());
        assertEquals(
                new Compute("cpu", Precision.BF16),
                config(Map.of("trainer.device", "cpu", "trainer.precision", "bf16"))
                        .asSettings(0)
                        .compute());
    }

    @Test
    void takesEverySettingThatARecipeIsWrittenAs() {
        TrainingRecipe recipe = TinyTraining.recipe(15);
        Map<String, String> settings = RecipeSettings.of(recipe).entrySet().stream()
                .collect(Collectors.toMap(setting -> "trainer.recipe." + setting.getKey(), Map.Entry::getValue));

        assertEquals(recipe, config(settings).recipe().asRecipe());
    }

    @Test
    void saysWhichValueIsNoneOfItsKind() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> config(Map.of("trainer.recipe.joint.steps", "many")))
                .getMessage();

        assertTrue(message.contains("trainer.recipe.joint.steps"), message);
        assertTrue(message.contains("many"), message);
    }

    private static TrainerConfig config(Map<String, String> properties) {
        return TrainerConfig.of(properties);
    }
}
