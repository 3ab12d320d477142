package dev.tandem.miner.denoising;

import dev.tandem.retrieval.Ranking;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a cross encoder's relevance says of passages nobody has judged.
 *
 * <p>A re-ranker trained listwise ranks well and is not calibrated: its sigmoid may be above 0.9 for everything. A
 * pseudo-positive must therefore also be at least as relevant as the query's best labelled positive; that is stricter
 * than RocketQA, whose cross encoder was trained pointwise.
 *
 * @param negativeBelow relevance below which a passage is a confirmed negative
 * @param positiveAbove relevance above which a passage is a pseudo-positive
 */
public record Denoising(double negativeBelow, double positiveAbove) {
    public Denoising {
        if (!(0 <= negativeBelow && negativeBelow < positiveAbove && positiveAbove <= 1)) {
            throw new IllegalArgumentException("Expected 0 <= negativeBelow < positiveAbove <= 1, got %s and %s"
                    .formatted(negativeBelow, positiveAbove));
        }
    }

    /** Thresholds of RocketQA. */
    public static Denoising ofRocketQa() {
        return new Denoising(0.1, 0.9);
    }

    /** Relevance of a cross encoder's logit: its sigmoid. */
    public static float relevance(float logit) {
        return (float) (1 / (1 + Math.exp(-logit)));
    }

    /**
     * Passages of a ranking the cross encoder rejects, in order of rank.
     *
     * @param relevance relevance of the passages that were scored
     * @param known passages with a label, whatever it says; they are left out
     */
    public List<Ranking.Hit> negatives(Ranking ranking, Map<String, Float> relevance, Set<String> known) {
        return ranking.hits().stream()
                .filter(hit -> !known.contains(hit.passageId()))
                .filter(hit -> relevance.containsKey(hit.passageId()))
                .filter(hit -> relevance.get(hit.passageId()) < negativeBelow)
                .toList();
    }

    /**
     * Passages of a ranking the cross encoder takes for relevant though nobody has said so, in order of rank.
     *
     * @param relevance relevance of the passages that were scored, labelled positives among them
     * @param positives passages labelled relevant
     * @param known passages with a label, whatever it says; they are left out
     */
    public List<Ranking.Hit> pseudoPositives(
            Ranking ranking, Map<String, Float> relevance, Set<String> positives, Set<String> known) {
        double best = positives.stream()
                .map(relevance::get)
                .filter(scored -> scored != null)
                .mapToDouble(Float::doubleValue)
                .max()
                .orElse(0);
        return ranking.hits().stream()
                .filter(hit -> !known.contains(hit.passageId()))
                .filter(hit -> relevance.containsKey(hit.passageId()))
                .filter(hit -> relevance.get(hit.passageId()) > positiveAbove)
                .filter(hit -> relevance.get(hit.passageId()) >= best)
                .toList();
    }
}
