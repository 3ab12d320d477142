package dev.tandem.quickstart.ablation;

import static java.util.Objects.requireNonNull;

import dev.tandem.quickstart.Screen;
import dev.tandem.quickstart.corpus.Corpus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What all trainings of an ablation have in common.
 *
 * @param corpus with the queries that are measured as its held-out ones
 * @param init models to begin from, in place of small ones with random weights
 * @param measureEvery updates from one measurement to the next on a training's way, 0 for none
 */
record Study(Corpus corpus, StudySettings settings, Optional<Path> init, int measureEvery, Screen screen) {
    Study {
        requireNonNull(corpus, "corpus is null");
        requireNonNull(settings, "settings is null");
        requireNonNull(screen, "screen is null");
    }

    /** Measures a pair of models. */
    Map<Measure, double[]> measure(String what, Path models) {
        int queries = corpus.heldOut().size();
        try (RankingModels opened = open(what, models, true)) {
            int[] measured = {0};
            return opened.measure(
                    corpus.heldOut(),
                    settings.rerankDepth(),
                    () -> screen.progress("%s: %d of %d queries measured".formatted(what, ++measured[0], queries)));
        }
    }

    /** Opens a pair of models, with the corpus embedded. */
    RankingModels open(String what, Path models, boolean canScore) {
        screen.progress(
                "%s: embedding %,d passages".formatted(what, corpus.passages().size()));
        RankingModels opened = RankingModels.open(
                what, models, canScore, settings.training(what, models).compute());
        opened.put(corpus.passages());
        return opened;
    }

    /** Measures a checkpoint on a training's way, for the screen. */
    void measureOnTheWay(String what, long step, Path checkpoint) throws IOException {
        Result result = new Result(Variant.WARM, 0, step, 0, measure(what, checkpoint));
        screen.say("%s, step %d: %s".formatted(what, step, result.line()));
    }
}
