package dev.tandem.evaluator.metric;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A measure of a ranking with its cutoff, written {@code mrr@10}.
 *
 * <p>A grade of 1 or more is relevant. Equal to trec_eval: nDCG's gain is the grade and its discount log2(rank + 1);
 * precision divides by the cutoff also where fewer passages were ranked; recall, nDCG and MAP are 0 where nothing is
 * relevant. MRR is MS MARCO's: 0 where the first relevant passage stands below the cutoff.
 *
 * @param cutoff number of passages looked at; {@link #WHOLE_RANKING} for {@code map}
 */
public record Metric(Measure measure, int cutoff) {
    public static final int WHOLE_RANKING = Integer.MAX_VALUE;
    private static final Pattern SPEC = Pattern.compile("(recall|success|mrr|ndcg|p)@([1-9][0-9]{0,6})|map");

    /** What is measured. */
    public enum Measure {
        /** Share of the relevant passages found in the top k. */
        RECALL,
        /** 1 if any relevant passage is in the top k. */
        SUCCESS,
        /** 1 / rank of the first relevant passage. */
        MRR,
        /** Discounted gain over that of the best ranking possible. */
        NDCG,
        /** Share of the top k that is relevant. */
        P,
        /** Precision at each relevant passage, averaged over all relevant passages. */
        MAP
    }

    public Metric {
        requireNonNull(measure, "measure is null");
        if (cutoff < 1) {
            throw new IllegalArgumentException("Expected a cutoff of 1 or more, got " + cutoff);
        }
    }

    /** Reads {@code mrr@10}, {@code ndcg@10}, {@code recall@50}, {@code success@5}, {@code p@10} or {@code map}. */
    public static Metric parse(String spec) {
        Matcher matcher = SPEC.matcher(spec.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "Expected a metric such as mrr@10, ndcg@10, recall@50, success@5, p@10 or map, got \"%s\""
                            .formatted(spec));
        }
        return matcher.group(1) == null
                ? new Metric(Measure.MAP, WHOLE_RANKING)
                : new Metric(
                        Measure.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)), Integer.parseInt(matcher.group(2)));
    }

    /** The name with its cutoff, as {@link #parse} reads it. */
    public String spec() {
        String name = measure.name().toLowerCase(Locale.ROOT);
        return measure == Measure.MAP ? name : name + "@" + cutoff;
    }

    /** The value of one query, 0 to 1. */
    public double of(JudgedRanking ranking) {
        return switch (measure) {
            case RECALL -> ranking.relevant() == 0 ? 0 : ranking.found(cutoff) / (double) ranking.relevant();
            case SUCCESS -> ranking.found(cutoff) > 0 ? 1 : 0;
            case MRR -> reciprocalRank(ranking);
            case NDCG ->
                ranking.relevant() == 0 ? 0 : ranking.discountedGain(cutoff) / ranking.idealDiscountedGain(cutoff);
            case P -> ranking.found(cutoff) / (double) cutoff;
            case MAP -> averagePrecision(ranking);
        };
    }

    private double reciprocalRank(JudgedRanking ranking) {
        return ranking.found(cutoff) > 0 ? 1.0 / ranking.rank(1) : 0;
    }

    private double averagePrecision(JudgedRanking ranking) {
        double sum = 0;
        for (int n = 1; n <= ranking.found(cutoff); n++) {
            sum += n / (double) ranking.rank(n);
        }
        return ranking.relevant() == 0 ? 0 : sum / ranking.relevant();
    }

    @Override
    public String toString() {
        return spec();
    }
}
