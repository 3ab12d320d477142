package dev.tandem.quickstart.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds texts that share most of their words with one of a set of texts. */
final class NearDuplicates {
    private static final Pattern NOT_A_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    private final double similarity;
    private final Map<String, Integer> words = new HashMap<>();
    private final List<int[]> known = new ArrayList<>();

    /**
     * @param texts the set
     * @param similarity Jaccard index of the two sets of lower-case words from which on a text is a near duplicate, 0 to 1
     */
    NearDuplicates(List<String> texts, double similarity) {
        this.similarity = similarity;
        texts.forEach(text -> known.add(wordsOf(text)));
    }

    /** Whether the text is nearly one of the set. */
    boolean contains(String text) {
        int[] candidate = wordsOf(text);
        return known.stream().anyMatch(other -> jaccard(candidate, other) >= similarity);
    }

    private int[] wordsOf(String text) {
        return Arrays.stream(NOT_A_WORD.split(text.toLowerCase(Locale.ROOT)))
                .filter(word -> !word.isEmpty())
                .mapToInt(word -> words.computeIfAbsent(word, unseen -> words.size()))
                .sorted()
                .distinct()
                .toArray();
    }

    private static double jaccard(int[] left, int[] right) {
        int shared = 0;
        for (int i = 0, j = 0; i < left.length && j < right.length; ) {
            int order = Integer.compare(left[i], right[j]);
            shared += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        int all = left.length + right.length - shared;
        return all == 0 ? 1 : shared / (double) all;
    }
}
