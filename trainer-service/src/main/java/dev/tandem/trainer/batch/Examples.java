package dev.tandem.trainer.batch;

import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Passage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Cuts candidate lists to equal length: longer ones by a random choice of their negatives in their order, shorter ones
 * filled with random passages of other lists, so that a batch is a rectangle whatever the miner sent.
 */
public final class Examples {
    private static final int ATTEMPTS_PER_PASSAGE = 20;

    private final ListPool pool;
    private final List<CandidateList> others;
    private final SplittableRandom random;

    private Examples(ListPool pool, SplittableRandom random) {
        this.pool = pool;
        this.others = pool.lists();
        this.random = random;
    }

    /**
     * Examples with the lists' own negatives.
     *
     * @param length passages per example, positive included; 1 and more
     */
    public static List<Example> withOwnNegatives(
            List<CandidateList> lists, int length, ListPool pool, SplittableRandom random) {
        Examples examples = new Examples(pool, random);
        return equallyLong(lists.stream()
                .map(list -> examples.example(list, examples.own(list, length), length))
                .toList());
    }

    /** Examples with random passages of other lists as negatives: easy ones, to begin with. */
    public static List<Example> withRandomNegatives(
            List<CandidateList> lists, int length, ListPool pool, SplittableRandom random) {
        Examples examples = new Examples(pool, random);
        return equallyLong(lists.stream()
                .map(list -> examples.example(list, examples.own(list, 1), length))
                .toList());
    }

    /** The first passage and a random choice of the others, all in the list's order. */
    private List<Passage> own(CandidateList list, int length) {
        List<Candidate> candidates = list.candidates();
        List<Passage> chosen = new ArrayList<>();
        int wanted = Math.min(length, candidates.size());
        for (int i = 0; i < candidates.size() && chosen.size() < wanted; i++) {
            int missing = wanted - chosen.size();
            int left = candidates.size() - i;
            if (i == 0 || missing == left || random.nextInt(left) < missing) { // selection sampling, Knuth 3.4.2 S
                chosen.add(candidates.get(i).passage());
            }
        }
        return chosen;
    }

    private Example example(CandidateList list, List<Passage> passages, int length) {
        Set<String> positives = pool.positives(list.key());
        boolean labelled = list.kind() != CandidateList.Kind.UNLABELLED;
        if (labelled) {
            positives.add(passages.get(0).id());
        }
        return new Example(list.query(), filled(list, passages, length, positives), positives, labelled);
    }

    private List<Passage> filled(CandidateList list, List<Passage> passages, int length, Set<String> positives) {
        List<Passage> filled = new ArrayList<>(passages);
        Set<String> taken = new HashSet<>(positives);
        passages.forEach(passage -> taken.add(passage.id()));
        for (int i = ATTEMPTS_PER_PASSAGE * length; i > 0 && filled.size() < length && !others.isEmpty(); i--) {
            CandidateList other = others.get(random.nextInt(others.size()));
            Passage passage = other.candidates()
                    .get(random.nextInt(other.candidates().size()))
                    .passage();
            if (!other.key().equals(list.key()) && taken.add(passage.id())) {
                filled.add(passage);
            }
        }
        for (int i = 1; i < list.candidates().size() && filled.size() < length; i++) { // a pool of almost nothing
            Passage own = list.candidates().get(i).passage();
            if (taken.add(own.id())) {
                filled.add(own);
            }
        }
        return filled;
    }

    private static List<Example> equallyLong(List<Example> examples) {
        int shortest = examples.stream()
                .mapToInt(example -> example.passages().size())
                .min()
                .orElse(0);
        return examples.stream().map(example -> example.shortened(shortest)).toList();
    }
}
