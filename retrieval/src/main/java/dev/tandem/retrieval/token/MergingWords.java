package dev.tandem.retrieval.token;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** Words spelled in pieces, whose most frequent pair of neighbours can be merged; counts are kept up, not recomputed. */
final class MergingWords {
    private record Pair(String left, String right) {
        String merged() {
            return left + right.substring(2); // the right one begins with ##
        }
    }

    /** A pair as it was counted when it was queued; stale once its count has changed. */
    private record Counted(Pair pair, long count) {}

    /** A distinct word and how often it occurs. */
    static final class Word {
        private final List<String> pieces;
        private final long count;

        Word(List<String> pieces, long count) {
            this.pieces = new ArrayList<>(pieces);
            this.count = count;
        }
    }

    private static final Comparator<Counted> MOST_FREQUENT_FIRST = Comparator.comparingLong(Counted::count)
            .reversed()
            .thenComparing(counted -> counted.pair().left())
            .thenComparing(counted -> counted.pair().right());

    private final Map<Pair, Long> counts = new HashMap<>();
    private final Map<Pair, Set<Word>> places = new HashMap<>();
    private final PriorityQueue<Counted> queue = new PriorityQueue<>(MOST_FREQUENT_FIRST);

    MergingWords(List<Word> words) {
        words.forEach(word -> count(word, 1));
        counts.forEach((pair, count) -> queue.add(new Counted(pair, count)));
    }

    /** Merges the most frequent pair everywhere; returns the new piece, or null when no pair is left. */
    String mergeMostFrequentPair() {
        while (!queue.isEmpty()) {
            Counted top = queue.poll();
            if (counts.getOrDefault(top.pair(), 0L) == top.count() && top.count() > 0) {
                merge(top.pair());
                return top.pair().merged();
            }
        }
        return null;
    }

    private void merge(Pair pair) {
        Set<Pair> touched = new HashSet<>();
        for (Word word : places.remove(pair)) {
            touched.addAll(count(word, -1));
            for (int i = 0; i + 1 < word.pieces.size(); i++) {
                if (word.pieces.get(i).equals(pair.left())
                        && word.pieces.get(i + 1).equals(pair.right())) {
                    word.pieces.set(i, pair.merged());
                    word.pieces.remove(i + 1);
                }
            }
            touched.addAll(count(word, 1));
        }
        for (Pair changed : touched) {
            queue.add(new Counted(changed, counts.getOrDefault(changed, 0L)));
        }
    }

    private List<Pair> count(Word word, int sign) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < word.pieces.size(); i++) {
            Pair pair = new Pair(word.pieces.get(i), word.pieces.get(i + 1));
            counts.merge(pair, sign * word.count, Long::sum);
            places.computeIfAbsent(pair, unseen -> new HashSet<>()).add(word);
            pairs.add(pair);
        }
        return pairs;
    }
}
