package dev.tandem.evaluator.metric;

import dev.tandem.retrieval.Ranking;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One query's ranking with the grades of its passages: all that any metric needs, looked up once. */
public final class JudgedRanking {
    private final int[] gains;
    private final int[] idealGains;

    private JudgedRanking(int[] gains, int[] idealGains) {
        this.gains = gains;
        this.idealGains = idealGains;
    }

    /**
     * Judges a ranking.
     *
     * @param grades passage id to grade; a passage that is not in it, and a grade below 0, counts as 0
     */
    public static JudgedRanking of(Ranking ranking, Map<String, Integer> grades) {
        List<Ranking.Hit> hits = ranking.hits();
        int[] gains = new int[hits.size()];
        for (int i = 0; i < gains.length; i++) {
            gains[i] = Math.max(0, grades.getOrDefault(hits.get(i).passageId(), 0));
        }
        int[] ascending = grades.values().stream()
                .mapToInt(Integer::intValue)
                .filter(grade -> grade > 0)
                .sorted()
                .toArray();
        int[] ideal = IntStream.range(0, ascending.length)
                .map(i -> ascending[ascending.length - 1 - i])
                .toArray();
        return new JudgedRanking(gains, ideal);
    }

    /** Number of passages ranked. */
    int size() {
        return gains.length;
    }

    /** Grade of the passage at an index, 0 is the top; 0 where it is not relevant. */
    int gain(int index) {
        return gains[index];
    }

    /** Number of relevant passages that there are, ranked or not. */
    int relevant() {
        return idealGains.length;
    }

    /** Relevant passages within the top k. */
    int found(int cutoff) {
        int found = 0;
        for (int i = 0; i < Math.min(cutoff, gains.length); i++) {
            found += gains[i] > 0 ? 1 : 0;
        }
        return found;
    }

    double discountedGain(int cutoff) {
        return discounted(gains, cutoff);
    }

    double idealDiscountedGain(int cutoff) {
        return discounted(idealGains, cutoff);
    }

    private static double discounted(int[] gains, int cutoff) {
        double sum = 0;
        for (int i = 0; i < Math.min(cutoff, gains.length); i++) {
            if (gains[i] > 0) {
                sum += gains[i] * Math.log(2) / Math.log(i + 2);
            }
        }
        return sum;
    }
}
