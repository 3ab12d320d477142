package dev.tandem.quickstart.ablation;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a user can choose of an ablation.
 *
 * @param out directory of models, lists and results
 * @param variants to train
 * @param baseline the variant that the others are compared with
 * @param seeds 1 to this are the seeds
 * @param split which queries are measured
 * @param labelledShare share of the training queries whose labels may be used, above 0 to 1; the others have none
 * @param init models to begin from, in place of small ones with random weights
 * @param measureEvery steps from one measurement to the next on the way, 0 for none
 */
public record AblationOptions(
        Path out,
        List<Variant> variants,
        Variant baseline,
        int seeds,
        Split split,
        double labelledShare,
        Optional<Path> init,
        int measureEvery) {
    public AblationOptions {
        requireNonNull(out, "out is null");
        requireNonNull(baseline, "baseline is null");
        requireNonNull(split, "split is null");
        requireNonNull(init, "init is null");
        if (!(labelledShare > 0 && labelledShare <= 1)) {
            throw new IllegalArgumentException("Expected a labelled share above 0 and at most 1, got " + labelledShare);
        }
        variants = variants.stream().distinct().sorted().toList();
    }
}
