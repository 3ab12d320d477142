package dev.tandem.quickstart.ablation;

import dev.tandem.quickstart.Screen;
import dev.tandem.quickstart.TrainingLine;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Trains and measures every variant with every seed. A result is written as soon as it is there; what is there already is not
 * made again.
 */
final class Ablation {
    private final Study study;
    private final ListMining mining;
    private final Path directory;
    private final ResultsFile results;
    private final Set<Variant> variants;
    private final int seeds;
    private final Screen screen;

    /**
     * An ablation that has not begun.
     *
     * @param directory where models, lists and results are kept
     * @param seeds 1 to this are the seeds
     */
    Ablation(Study study, Path directory, ResultsFile results, Collection<Variant> variants, int seeds) {
        this.study = study;
        this.screen = study.screen();
        this.mining = new ListMining(study.corpus().passages(), study.corpus().train(), screen::progress);
        this.directory = directory;
        this.results = results;
        this.seeds = seeds;
        this.variants = new TreeSet<>(); // the warm start comes first
        variants.forEach(variant -> this.variants.add(trainedAs(study.settings(), variant)));
    }

    /** The first variant that learns in the very same way: whichever distillation the recipe has is one of those named. */
    static Variant trainedAs(StudySettings settings, Variant variant) {
        return Stream.of(Variant.values())
                .filter(other -> (other == Variant.WARM) == (variant == Variant.WARM))
                .filter(other -> other.lists().equals(variant.lists()))
                .filter(other -> settings.recipe(other, 1).equals(settings.recipe(variant, 1)))
                .findFirst()
                .orElseThrow();
    }

    void run() throws IOException {
        for (long seed = 1; seed <= seeds; seed++) {
            List<Variant> missing = missing(seed);
            if (!missing.isEmpty()) {
                run(seed, missing);
            }
        }
    }

    private List<Variant> missing(long seed) {
        return variants.stream()
                .filter(variant -> results.find(variant, seed).isEmpty())
                .toList();
    }

    private void run(long seed, List<Variant> missing) throws IOException {
        long began = System.nanoTime();
        Path ofSeed = directory.resolve("seed-" + seed);
        WarmStart warm = new WarmStart(study, mining, seed, ofSeed);
        Path pair = warm.pair();
        mine(warm, pair, seed, missing);
        if (!missing.contains(Variant.WARM)) {
            began = System.nanoTime(); // its time is the warm start's own
        }
        for (Variant variant : missing) {
            Path trained = variant == Variant.WARM ? pair : train(variant, seed, warm, pair, ofSeed);
            long steps = variant == Variant.WARM ? 0 : study.settings().steps();
            var values = study.measure("seed %d, %s".formatted(seed, variant), trained);
            Result result = new Result(variant, seed, steps, (System.nanoTime() - began) / 1e9, values);
            results.add(result);
            delete(ofSeed.resolve(variant.label()));
            screen.say(
                    "seed %d, %s: %s (%.0f s)%s".formatted(seed, variant, result.line(), result.seconds(), timeLeft()));
            began = System.nanoTime();
        }
    }

    private void mine(WarmStart warm, Path pair, long seed, List<Variant> missing) throws IOException {
        Set<Integer> lengths = new TreeSet<>();
        int most = 0;
        for (Variant variant :
                Variant.values()) { // whatever is asked for now, all learn from lists of the same queries
            TrainingRecipe recipe = study.settings().recipe(variant, seed);
            most = Math.max(most, recipe.joint().steps() * recipe.joint().lists());
            if (missing.contains(variant) && variant != Variant.WARM) {
                lengths.add(recipe.joint().listLength());
            }
        }
        warm.mine(pair, lengths, most);
    }

    private Path train(Variant variant, long seed, WarmStart warm, Path pair, Path ofSeed) throws IOException {
        TrainingRecipe recipe = study.settings().recipe(variant, seed);
        TrainingLine line = new TrainingLine(recipe, study.settings().steps());
        String what = "seed %d of %d, %s".formatted(seed, seeds, variant);
        return new TrainingRun(
                        ofSeed.resolve(variant.label()),
                        warm.lists(recipe.joint().listLength(), variant.lists()),
                        recipe,
                        study.settings().training(variant.label(), pair))
                .train(
                        study.settings().steps(),
                        study.measureEvery(),
                        update -> screen.progress(what + ": " + line.of(update, System.nanoTime())),
                        (step, checkpoint) -> study.measureOnTheWay(what, step, checkpoint));
    }

    /** What the runs that are missing may take, as long as those of their variant took; nothing where none is missing. */
    private String timeLeft() {
        double seconds = 0;
        int runs = 0;
        for (long seed = 1; seed <= seeds; seed++) {
            for (Variant variant : missing(seed)) {
                seconds += expectedSeconds(variant);
                runs++;
            }
        }
        Duration left = Duration.ofSeconds(Math.round(seconds));
        return runs == 0 ? "" : "; %d runs left, ETA %d:%02d h".formatted(runs, left.toHours(), left.toMinutesPart());
    }

    private double expectedSeconds(Variant variant) {
        OptionalDouble ofVariant = meanSeconds(List.of(variant));
        List<Variant> trained = Stream.of(Variant.values())
                .filter(other -> other != Variant.WARM)
                .toList();
        return ofVariant.orElse(
                meanSeconds(trained).orElse(meanSeconds(List.of(Variant.WARM)).orElse(0)));
    }

    private OptionalDouble meanSeconds(List<Variant> of) {
        return results.all().stream()
                .filter(result -> of.contains(result.variant()))
                .mapToDouble(Result::seconds)
                .average();
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file :
                    new ArrayList<>(files.sorted(Comparator.reverseOrder()).toList())) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + directory, e);
        }
    }
}
