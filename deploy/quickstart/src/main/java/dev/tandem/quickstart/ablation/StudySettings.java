package dev.tandem.quickstart.ablation;

import dev.tandem.miner.MinerConfig;
import dev.tandem.miner.mining.MiningSettings;
import dev.tandem.quickstart.ring.Service;
import dev.tandem.quickstart.ring.Settings;
import dev.tandem.trainer.TrainerConfig;
import dev.tandem.trainer.TrainingSettings;
import dev.tandem.trainer.recipe.RecipeSettings;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Every setting of a study: the quickstart's, an ablation's, the user's. */
public final class StudySettings {
    private static final String RECIPE = "trainer.recipe.";

    private final Settings settings;

    private StudySettings(Settings settings) {
        this.settings = settings;
    }

    /**
     * Settings, checked.
     *
     * @param init models that are pre-trained, for which the quickstart has other rates
     * @param steps joint steps, in place of the recipe's
     * @param others by their names, as {@code trainer.recipe.joint.lists}
     * @throws IllegalArgumentException if a name is unknown or a value is out of range
     */
    public static StudySettings of(Optional<Path> init, OptionalInt steps, Map<String, String> others) {
        Settings quickstart = Settings.quickstart();
        Settings known = (init.isPresent() ? quickstart.pretrained() : quickstart).ablation();
        others.keySet().stream().filter(name -> !name.startsWith("trainer.")).forEach(known::text);
        Map<String, String> given = new HashMap<>(others);
        steps.ifPresent(number -> given.put(RECIPE + "joint.steps", Integer.toString(number)));
        StudySettings checked = new StudySettings(known.withUsers(given));
        for (Variant variant : Variant.values()) {
            checked.recipe(variant, 1);
        }
        checked.mining(checked.recipe(Variant.FULL, 1).joint().listLength(), 1);
        if (checked.steps() < 1) {
            throw new IllegalArgumentException("Expected at least one joint step, got " + checked.steps());
        }
        return checked;
    }

    Settings all() {
        return settings;
    }

    /** Steps that each variant makes. */
    int steps() {
        return recipe(Variant.FULL, 1).joint().steps();
    }

    /** Passages that are re-ranked when a pair is measured. */
    int rerankDepth() {
        return settings.number("evaluator.rerank-depth");
    }

    /** Passages in the lists that the warm-ups learn from. */
    int listLength() {
        return settings.number("miner.list-length");
    }

    /** The recipe of a variant; the warm start's is that of {@link Variant#WARM}. */
    TrainingRecipe recipe(Variant variant, long seed) {
        return config(variant, seed, Map.of()).recipe().asRecipe();
    }

    /** Settings of the loop. */
    TrainingSettings training(String run, Path initial) {
        return config(
                        Variant.WARM,
                        1,
                        Map.of("trainer.run", run, "trainer.init", initial.toString(), "trainer.keep", "1"))
                .asSettings(0);
    }

    private TrainerConfig config(Variant variant, long seed, Map<String, String> others) {
        Map<String, String> trainer = new HashMap<>(settings.of(Service.TRAINER));
        variant.jointSettings().forEach((name, value) -> trainer.put(RECIPE + "joint." + name, value));
        trainer.put(RECIPE + "seed", Long.toString(seed));
        trainer.putAll(others);
        return TrainerConfig.of(trainer);
    }

    MiningSettings mining(int listLength, long seed) {
        Map<String, String> miner = new HashMap<>(settings.of(Service.MINER));
        miner.put("miner.list-length", Integer.toString(listLength));
        miner.put("miner.unlabelled-share", "1"); // how many queries have labels is the study's choice
        miner.put("miner.seed", Long.toString(seed));
        return MinerConfig.of(miner).asMining();
    }

    /** All that results depend on, by name. */
    Map<String, String> described() {
        Map<String, String> described = new TreeMap<>();
        RecipeSettings.of(recipe(Variant.WARM, 1)).forEach((name, value) -> described.put(RECIPE + name, value));
        described.remove(RECIPE + "seed");
        for (Service service : new Service[] {Service.MINER, Service.EVALUATOR}) {
            described.putAll(settings.of(service));
        }
        described.putAll(settings.own());
        String precision = "trainer.precision";
        described.put(precision, settings.of(Service.TRAINER).getOrDefault(precision, "auto"));
        return described;
    }
}
