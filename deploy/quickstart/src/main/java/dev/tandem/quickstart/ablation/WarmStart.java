package dev.tandem.quickstart.ablation;

import dev.tandem.miner.serving.Retriever;
import dev.tandem.miner.serving.WordRetriever;
import dev.tandem.quickstart.InitialModels;
import dev.tandem.quickstart.Preparation;
import dev.tandem.quickstart.TrainingLine;
import dev.tandem.retrieval.CandidateList.Kind;
import dev.tandem.trainer.recipe.TrainingRecipe;
import dev.tandem.trainer.resume.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What all variants of one seed begin from: models warmed up one after the other, and the lists that the warm pair mines. Each
 * part is made once and kept.
 */
final class WarmStart {
    private final Study study;
    private final ListMining mining;
    private final long seed;
    private final Path directory;
    private final TrainingRecipe recipe;

    WarmStart(Study study, ListMining mining, long seed, Path directory) {
        this.study = study;
        this.mining = mining;
        this.seed = seed;
        this.directory = directory;
        this.recipe = study.settings().recipe(Variant.WARM, seed);
    }

    /** The warm pair, trained if it is not there yet. */
    Path pair() throws IOException {
        Path retriever = models();
        requireWarmUpsToMake(retriever);
        if (recipe.retrieverWarmUp().steps() > 0) {
            Path lists = lists("bm25", study.settings().listLength(), Kind.UNDENOISED);
            if (!Files.exists(lists)) {
                try (Retriever words = new WordRetriever()) {
                    words.put(study.corpus().passages());
                    mine(words, study.settings().listLength(), Integer.MAX_VALUE, Map.of(Kind.UNDENOISED, lists));
                }
            }
            retriever = train(
                    "warm-retriever", retriever, lists, recipe.retrieverWarmUp().steps());
        }
        return recipe.rerankerWarmUp().steps() > 0 ? withReranker(retriever) : retriever;
    }

    private void requireWarmUpsToMake(Path initial) throws IOException {
        int steps = recipe.retrieverWarmUp().steps() + recipe.rerankerWarmUp().steps();
        if (steps > 0 && TrainingState.isIn(initial)) {
            throw new IOException(
                    "%s is a checkpoint of a training, warm already. Set trainer.recipe.retriever-warm-up.steps and trainer.recipe.reranker-warm-up.steps to 0 to begin from it."
                            .formatted(initial));
        }
    }

    private Path withReranker(Path retriever) throws IOException {
        Path lists = lists("warm-retriever", study.settings().listLength(), Kind.UNDENOISED);
        if (!Files.exists(lists)) {
            try (RankingModels models = study.open(name("warm-retriever"), retriever, false)) {
                mine(models, study.settings().listLength(), Integer.MAX_VALUE, Map.of(Kind.UNDENOISED, lists));
            }
        }
        return train("warm-reranker", retriever, lists, recipe.rerankerWarmUp().steps());
    }

    private Path models() throws IOException {
        Path made = directory.resolve("initial");
        Preparation preparation = new Preparation(study.settings().all(), study.screen()::say);
        if (study.init().isPresent()) {
            return Files.exists(made.resolve("encoding.json"))
                    ? made
                    : InitialModels.of(study.init().get(), made, preparation.encoding(), seed);
        }
        if (!Files.exists(made.resolve("encoding.json"))) { // written last
            preparation.randomModels(study.corpus(), made, seed);
        }
        return made;
    }

    private Path train(String stage, Path initial, Path lists, int steps) throws IOException {
        TrainingLine line = new TrainingLine(recipe, steps);
        String what = name(stage);
        return new TrainingRun(
                        directory.resolve(stage),
                        List.of(lists),
                        recipe,
                        study.settings().training(stage, initial))
                .train(
                        steps,
                        study.measureEvery(),
                        update -> study.screen().progress(what + ": " + line.of(update, System.nanoTime())),
                        (step, checkpoint) -> study.measureOnTheWay(what, step, checkpoint));
    }

    /**
     * Mines the lists that variants learn from, where they are not there yet.
     *
     * @param pair the warm pair
     * @param most queries at most, drawn by the seed: no step needs more lists
     */
    void mine(Path pair, Collection<Integer> lengths, int most) throws IOException {
        List<Integer> missing = lengths.stream()
                .filter(length -> !Files.exists(lists("warm-pair", length, Kind.DENOISED)))
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        try (RankingModels models = study.open(name("warm-pair"), pair, true)) {
            for (int length : missing) {
                Map<Kind, Path> files = new EnumMap<>(Kind.class); // in this order: the denoised file comes last
                files.put(Kind.UNDENOISED, lists("warm-pair", length, Kind.UNDENOISED));
                files.put(Kind.DENOISED, lists("warm-pair", length, Kind.DENOISED));
                mine(models, length, most, Map.of(Kind.UNLABELLED, lists("warm-pair", length, Kind.UNLABELLED)));
                mine(models, length, most, files);
            }
        }
    }

    private void mine(Retriever retriever, int length, int most, Map<Kind, Path> files) throws IOException {
        mining.mine(retriever, study.settings().mining(length, seed), most, files);
    }

    /** The files that a variant learns from. */
    List<Path> lists(int length, Collection<Kind> kinds) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Kind kind : kinds) {
            Path file = lists("warm-pair", length, kind);
            if (Files.size(file) > 0) { // nothing where no query is of this kind
                files.add(file);
            }
        }
        return files;
    }

    private Path lists(String minedBy, int length, Kind kind) {
        String file = "%s-%d-%s.jsonl".formatted(minedBy, length, kind.name().toLowerCase(Locale.ROOT));
        return directory.resolve("lists").resolve(file);
    }

    private String name(String part) {
        return "seed %d, %s".formatted(seed, part);
    }
}
