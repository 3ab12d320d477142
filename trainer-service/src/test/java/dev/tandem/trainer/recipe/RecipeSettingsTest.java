package dev.tandem.trainer.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecipeSettingsTest {
    @Test
    void namesEveryHyperparameterAsItIsSet() {
        Map<String, String> settings = RecipeSettings.of(TrainingRecipe.paper());

        assertEquals("1", settings.get("seed"));
        assertEquals("512", settings.get("retriever-warm-up.lists"));
        assertEquals("linear", settings.get("retriever-warm-up.decay"));
        assertEquals("false", settings.get("reranker-warm-up.trunk-from-retriever"));
        assertEquals("paper", settings.get("joint.distillation"));
        assertEquals("0.999", settings.get("optimizer.beta2"));
        assertEquals("500", settings.get("plateau.window"));
        assertEquals("32768", settings.get("tokens-per-micro-batch"));
    }

    @Test
    void namesTheNearestSettingWhereOneIsUnknown() {
        RecipeSettings.requireKnown(List.of("joint.distillation", "seed"));

        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> RecipeSettings.requireKnown(List.of("seed", "joint.destilation")))
                .getMessage();

        assertEquals(
                "Expected a setting of the recipe, got \"joint.destilation\". Did you mean joint.distillation?",
                message);
    }
}
