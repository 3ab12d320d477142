package dev.tandem.quickstart.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.trainer.TrainerConfig;
import dev.tandem.trainer.recipe.RecipeSettings;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Which recipe a training follows: the command's own, changed by a file, changed by single settings. */
final class RecipeOptions {
    private static final String PREFIX = "trainer.recipe.";

    @Option(
            names = "--recipe",
            paramLabel = "FILE",
            description = {
                "Properties file with hyperparameters, as joint.distillation=paper or trainer.recipe.joint.distillation=paper.",
                "What it leaves out stays as by default: for some 20,000 lists and a pre-trained BERT on two cores."
            })
    private Optional<Path> recipe;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One hyperparameter, in place of the file's; repeatable. The start prints all of them.")
    private Map<String, String> single = Map.of();

    /**
     * The recipe that follows from them.
     *
     * @throws IllegalArgumentException if a hyperparameter is unknown, or its value is out of range
     */
    TrainingRecipe recipe() throws IOException {
        Map<String, String> merged = merged();
        RecipeSettings.requireKnown(merged.keySet());
        Map<String, String> settings = new TreeMap<>();
        merged.forEach((key, value) -> settings.put(PREFIX + key, value));
        return TrainerConfig.of(settings).recipe().asRecipe();
    }

    private Map<String, String> merged() throws IOException {
        Map<String, String> merged = new TreeMap<>();
        try (InputStream in = RecipeOptions.class.getResourceAsStream("/train-recipe.properties")) {
            merged.putAll(properties(new InputStreamReader(in, UTF_8)));
        }
        if (recipe.isPresent()) {
            try (Reader in = Files.newBufferedReader(recipe.get())) {
                merged.putAll(properties(in));
            }
        }
        single.forEach((key, value) -> merged.put(withoutPrefix(key), value));
        return merged;
    }

    private static Map<String, String> properties(Reader in) throws IOException {
        Properties properties = new Properties();
        properties.load(in);
        Map<String, String> settings = new TreeMap<>();
        properties
                .stringPropertyNames()
                .forEach(key -> settings.put(
                        withoutPrefix(key), properties.getProperty(key).strip()));
        return settings;
    }

    private static String withoutPrefix(String key) {
        return key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : key;
    }
}
