package dev.tandem.evaluator.metric;

import dev.tandem.retrieval.Ranking;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Where the relevant passages stand in one query's ranking: all that any metric needs, looked up once. */
public final class JudgedRanking {
    /** Of the relevant passages that were ranked, from the top; 0 is the top. */
    private final int[] indexes;

    private final int[] gains;
    private final int[] idealGains;

    private JudgedRanking(int[] indexes, int[] gains, int[] idealGains) {
        this.indexes = indexes;
        this.gains = gains;
        this.idealGains = idealGains;
    }

    /**
     * Judges a ranking.
     *
     * @param grades passage id to grade; a passage that is not in it, and a grade below 1, is not relevant
     */
    public static JudgedRanking of(Ranking ranking, Map<String, Integer> grades) {
        int[] ideal = idealGains(grades);
        List<Ranking.Hit> hits = ranking.hits();
        long judged = grades.keySet().stream().mapToLong(JudgedRanking::mark).reduce(0, (left, right) -> left | right);
        int[] indexes = new int[ideal.length];
        int[] gains = new int[ideal.length];
        int found = 0;
        for (int i = 0; i < hits.size() && found < ideal.length; i++) {
            String passage = hits.get(i).passageId();
            int grade = (judged & mark(passage)) == 0 ? 0 : grades.getOrDefault(passage, 0);
            if (grade > 0) {
                indexes[found] = i;
                gains[found++] = grade;
            }
        }
        return new JudgedRanking(Arrays.copyOf(indexes, found), Arrays.copyOf(gains, found), ideal);
    }

    /** One bit of 64: nearly all passages without a grade are told from those with one without a look into the map. */
    private static long mark(String passageId) {
        return 1L << ((passageId.hashCode() * 0x9E3779B9) >>> 26);
    }

    private static int[] idealGains(Map<String, Integer> grades) {
        int[] ascending = grades.values().stream()
                .mapToInt(Integer::intValue)
                .filter(grade -> grade > 0)
                .sorted()
                .toArray();
        return IntStream.range(0, ascending.length)
                .map(i -> ascending[ascending.length - 1 - i])
                .toArray();
    }

    /** Number of relevant passages that there are, ranked or not. */
    int relevant() {
        return idealGains.length;
    }

    /** Relevant passages within the top k. */
    int found(int cutoff) {
        int found = 0;
        while (found < indexes.length && indexes[found] < cutoff) {
            found++;
        }
        return found;
    }

    /** Rank of the n-th relevant passage from the top, both from 1. */
    int rank(int n) {
        return indexes[n - 1] + 1;
    }

    double discountedGain(int cutoff) {
        double sum = 0;
        for (int i = 0; i < found(cutoff); i++) {
            sum += discounted(gains[i], indexes[i]);
        }
        return sum;
    }

    double idealDiscountedGain(int cutoff) {
        double sum = 0;
        for (int i = 0; i < Math.min(cutoff, idealGains.length); i++) {
            sum += discounted(idealGains[i], i);
        }
        return sum;
    }

    private static double discounted(int gain, int index) {
        return gain * Math.log(2) / Math.log(index + 2);
    }
}
