package dev.tandem.trainer.batch;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import java.util.List;
import java.util.Set;

/**
 * One candidate list as a step uses it.
 *
 * @param passages as many as the step wants of each list, the positive at index 0 if it is labelled
 * @param positives ids of all passages known to be relevant to the query
 * @param labelled whether there is a positive; without one only the distillation term learns from it
 */
public record Example(Query query, List<Passage> passages, Set<String> positives, boolean labelled) {
    public Example {
        passages = List.copyOf(passages);
        positives = Set.copyOf(positives);
    }

    Example shortened(int length) {
        return new Example(query, passages.subList(0, length), positives, labelled);
    }
}
