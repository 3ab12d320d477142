package dev.tandem.evaluator.scoring;

import dev.tandem.retrieval.Passage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which passages an index has to take in and to let go, to be in step with the corpus. */
final class PassageChanges {
    private final Map<String, Passage> held = new HashMap<>();
    private long version = -1;

    boolean isInStepWith(Corpus.Snapshot corpus) {
        return version == corpus.version();
    }

    /** New and changed passages, not yet {@link #taken}. */
    List<Passage> missing(Corpus.Snapshot corpus) {
        List<Passage> missing = new ArrayList<>();
        corpus.passages().forEach((id, passage) -> {
            if (!passage.equals(held.get(id))) {
                missing.add(passage);
            }
        });
        return missing;
    }

    /** Passages that are no longer published; they are forgotten here. */
    List<String> removed(Corpus.Snapshot corpus) {
        List<String> removed = held.keySet().stream()
                .filter(id -> !corpus.passages().containsKey(id))
                .toList();
        removed.forEach(held::remove);
        return removed;
    }

    /** The passages taken in. */
    List<Passage> held() {
        return List.copyOf(held.values());
    }

    /** Whether a passage was taken in and not replaced since. */
    boolean holds(Passage passage) {
        return passage.equals(held.get(passage.id()));
    }

    void taken(Passage passage) {
        held.put(passage.id(), passage);
    }

    void inStepWith(Corpus.Snapshot corpus) {
        version = corpus.version();
    }
}
