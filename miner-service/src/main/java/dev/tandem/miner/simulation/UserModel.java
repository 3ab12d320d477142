package dev.tandem.miner.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * A position-based click model (Craswell et al., WSDM 2008; Chuklin et al., Click Models for Web Search, 2015): a user
 * clicks a passage who looks at its rank and finds it attractive, independently of the others.
 *
 * <p>P(looks at rank r) = r<sup>-decay</sup>. Relevant passages attract most who look, others a few: that is the noise. Who
 * clicked something relevant stays for about a minute, who was misled for seconds (log-normal, median given).
 *
 * @param decay how fast attention falls with the rank, 0 and above; 0 is no position bias
 * @param attractionOfRelevant share of those who look that click a relevant passage, 0 to 1
 * @param attractionOfOthers the same for any other passage
 * @param dwellOnRelevant median
 * @param dwellOnOthers median
 */
public record UserModel(
        double decay,
        double attractionOfRelevant,
        double attractionOfOthers,
        Duration dwellOnRelevant,
        Duration dwellOnOthers) {
    private static final double DWELL_SPREAD = 0.5;

    /** A click of a simulated user; rank 1 is the top. */
    public record Click(String passageId, int rank, Duration dwell) {}

    public UserModel {
        if (decay < 0) {
            throw new IllegalArgumentException("Expected a decay of 0 and above, got " + decay);
        }
        for (double share : new double[] {attractionOfRelevant, attractionOfOthers}) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("Expected an attraction of 0 to 1, got " + share);
            }
        }
    }

    /** Users that mostly know what they look for, and mostly look at the top. */
    public static UserModel usual() {
        return new UserModel(0.7, 0.9, 0.04, Duration.ofSeconds(80), Duration.ofSeconds(12));
    }

    /**
     * What one user clicks.
     *
     * @param shown passage ids in rank order
     * @param relevant what this user is looking for
     */
    public List<Click> clicks(List<String> shown, Predicate<String> relevant, Random random) {
        List<Click> clicks = new ArrayList<>();
        for (int rank = 1; rank <= shown.size(); rank++) {
            String passageId = shown.get(rank - 1);
            boolean wanted = relevant.test(passageId);
            double attraction = wanted ? attractionOfRelevant : attractionOfOthers;
            boolean clicked = random.nextDouble() < Math.pow(rank, -decay) * attraction;
            Duration dwell = dwell(wanted ? dwellOnRelevant : dwellOnOthers, random);
            if (clicked) {
                clicks.add(new Click(passageId, rank, dwell));
            }
        }
        return clicks;
    }

    private static Duration dwell(Duration median, Random random) {
        return Duration.ofMillis(Math.round(median.toMillis() * Math.exp(DWELL_SPREAD * random.nextGaussian())));
    }
}
