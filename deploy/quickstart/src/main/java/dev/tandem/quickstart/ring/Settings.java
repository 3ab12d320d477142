package dev.tandem.quickstart.ring;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Settings of the services and of the quickstart itself, each under the name of who reads it: {@code miner.list-length},
 * {@code trainer.recipe.seed}, {@code quickstart.vocabulary}. A service is given those under its own name.
 */
public final class Settings {
    private static final String JOINT_STEPS = "trainer.recipe.joint.steps";
    private static final String JOINT_DECAY_STEPS = "trainer.recipe.joint.decay-steps";

    private final SortedMap<String, String> values;

    private Settings(Map<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    /** The quickstart's own, from {@code quickstart-recipe.properties}: models from random weights. */
    public static Settings quickstart() {
        return new Settings(read("/quickstart-recipe.properties"));
    }

    /** These for models that are pre-trained, by {@code pretrained-recipe.properties}. */
    public Settings pretrained() {
        return with(read("/pretrained-recipe.properties"));
    }

    /** These for an ablation, by {@code ablation-recipe.properties}. */
    public Settings ablation() {
        return with(read("/ablation-recipe.properties"));
    }

    /** These for a drill, by {@code drill-recipe.properties}: a ring that turns fast and has no end. */
    public Settings drill() {
        return with(read("/drill-recipe.properties"));
    }

    private static Map<String, String> read(String resource) {
        Properties properties = new Properties();
        try (InputStream in = Settings.class.getResourceAsStream(resource);
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new IllegalStateException("The jar has no readable " + resource, e);
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(
                        name -> name, name -> properties.getProperty(name).strip()));
    }

    /** These, with others in place of, or beside, some. */
    public Settings with(Map<String, String> others) {
        Map<String, String> merged = new TreeMap<>(values);
        merged.putAll(others);
        return new Settings(merged);
    }

    /**
     * These, with a user's in place of, or beside, some: where those end the joint stage, its rates have fallen by then.
     *
     * @throws IllegalArgumentException if nobody reads one of them
     */
    public Settings withUsers(Map<String, String> others) {
        others.keySet().forEach(Settings::checkReader);
        Map<String, String> complete = new TreeMap<>(others);
        if (!others.getOrDefault(JOINT_STEPS, "0").equals("0")) {
            complete.putIfAbsent(JOINT_DECAY_STEPS, others.get(JOINT_STEPS));
        }
        return with(complete);
    }

    private static void checkReader(String name) {
        List<String> readers = Stream.concat(
                        Arrays.stream(Service.values()).map(Service::label), Stream.of("quickstart"))
                .map(reader -> reader + ".")
                .toList();
        if (readers.stream().noneMatch(name::startsWith)) {
            throw new IllegalArgumentException(
                    "Expected a setting that begins with one of %s, got \"%s\"".formatted(readers, name));
        }
    }

    /** Steps until the joint stage ends or, where it has no end, until its rates have fallen. */
    public int plannedJointSteps() {
        int end = number(JOINT_STEPS);
        return end > 0 ? end : number(JOINT_DECAY_STEPS);
    }

    /** These, with a joint stage that ends after so many steps, 0 for never. */
    public Settings endingJointAt(int steps) {
        return with(Map.of(JOINT_STEPS, String.valueOf(steps)));
    }

    /** What a service is given. */
    public Map<String, String> of(Service service) {
        return of(service.label());
    }

    /** What the quickstart itself reads. */
    public Map<String, String> own() {
        return of("quickstart");
    }

    private Map<String, String> of(String reader) {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(reader + "."))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * A setting that must be there.
     *
     * @throws IllegalArgumentException if it is not, or is no whole number
     */
    public int number(String name) {
        String value = text(name);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("Expected %s to be a whole number, got %s".formatted(name, value), e);
        }
    }

    /**
     * A setting that must be there.
     *
     * @throws IllegalArgumentException if it is not, or is no number
     */
    public double decimal(String name) {
        String value = text(name);
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("Expected %s to be a number, got %s".formatted(name, value), e);
        }
    }

    /** A setting that must be there. */
    public String text(String name) {
        return Optional.ofNullable(values.get(name))
                .orElseThrow(() -> new IllegalArgumentException("Setting %s is missing".formatted(name)));
    }
}
