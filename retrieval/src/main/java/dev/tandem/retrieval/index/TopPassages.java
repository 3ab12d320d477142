package dev.tandem.retrieval.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.retrieval.Ranking;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The k best rows seen so far, as a heap with the worst of them on top; ties as in {@link Ranking}. */
final class TopPassages {
    private final List<String> ids;
    private final float[] scores;
    private final int[] rows;
    private int size;

    TopPassages(int k, List<String> ids) {
        this.ids = ids;
        this.scores = new float[k];
        this.rows = new int[k];
    }

    /** Offers the first {@code count} scores; score i belongs to row {@code firstRow + i}. */
    void offer(float[] blockScores, int count, int firstRow) {
        int i = 0;
        for (; i < count && size < scores.length; i++) {
            scores[size] = blockScores[i];
            rows[size] = firstRow + i;
            siftUp(size++);
        }
        for (; i < count; i++) {
            if (blockScores[i] >= scores[0] && isWorse(scores[0], rows[0], blockScores[i], firstRow + i)) {
                scores[0] = blockScores[i];
                rows[0] = firstRow + i;
                siftDown();
            }
        }
    }

    Ranking ranking() {
        List<Ranking.Hit> hits = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            hits.add(new Ranking.Hit(ids.get(rows[i]), scores[i]));
        }
        return new Ranking(hits);
    }

    private boolean isWorse(float score, int row, float otherScore, int otherRow) {
        if (score != otherScore) {
            return score < otherScore;
        }
        return Arrays.compareUnsigned(
                        ids.get(row).getBytes(UTF_8), ids.get(otherRow).getBytes(UTF_8))
                < 0;
    }

    private void siftUp(int start) {
        int child = start;
        while (child > 0) {
            int parent = (child - 1) / 2;
            if (!isWorse(scores[child], rows[child], scores[parent], rows[parent])) {
                return;
            }
            swap(child, parent);
            child = parent;
        }
    }

    private void siftDown() {
        int parent = 0;
        while (true) {
            int worst = parent;
            for (int child = 2 * parent + 1; child <= 2 * parent + 2 && child < size; child++) {
                if (isWorse(scores[child], rows[child], scores[worst], rows[worst])) {
                    worst = child;
                }
            }
            if (worst == parent) {
                return;
            }
            swap(parent, worst);
            parent = worst;
        }
    }

    private void swap(int i, int j) {
        float score = scores[i];
        int row = rows[i];
        scores[i] = scores[j];
        rows[i] = rows[j];
        scores[j] = score;
        rows[j] = row;
    }
}
