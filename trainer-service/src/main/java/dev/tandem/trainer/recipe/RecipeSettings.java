package dev.tandem.trainer.recipe;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A recipe as settings, by the names under which the trainer is given them: {@code joint.distillation} is
 * {@code released-code}. What is written here can be set again.
 */
public final class RecipeSettings {
    private RecipeSettings() {}

    /** Every hyperparameter by its name, in the order of the stages. */
    public static Map<String, String> of(TrainingRecipe recipe) {
        Map<String, String> settings = new LinkedHashMap<>();
        collect("", recipe, settings);
        return Collections.unmodifiableMap(settings);
    }

    private static void collect(String prefix, Record values, Map<String, String> settings) {
        for (RecordComponent component : values.getClass().getRecordComponents()) {
            String name = prefix + hyphenated(component.getName());
            Object value = value(component, values);
            if (value instanceof Schedule schedule) {
                collect(prefix, schedule, settings); // its settings stand beside the stage's
            } else if (value instanceof Record part) {
                collect(name + ".", part, settings);
            } else if (value instanceof Enum<?> constant) {
                settings.put(name, constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            } else {
                settings.put(name, String.valueOf(value));
            }
        }
    }

    private static Object value(RecordComponent component, Record values) {
        try {
            return component.getAccessor().invoke(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Every record of this package is public", e);
        }
    }

    private static String hyphenated(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /**
     * Checks names that somebody has written.
     *
     * @throws IllegalArgumentException naming an unknown one and the known one that is nearest to it
     */
    public static void requireKnown(Collection<String> names) {
        Set<String> known = of(TrainingRecipe.paper()).keySet();
        for (String name : names) {
            if (!known.contains(name)) {
                String nearest = known.stream()
                        .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                        .orElseThrow();
                throw new IllegalArgumentException(
                        "Expected a setting of the recipe, got \"%s\". Did you mean %s?".formatted(name, nearest));
            }
        }
    }

    /** Levenshtein distance: characters to insert, delete or replace. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
