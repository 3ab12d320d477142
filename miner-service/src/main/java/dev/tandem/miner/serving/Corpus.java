package dev.tandem.miner.serving;

import dev.tandem.retrieval.Passage;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** The passages there are now, by id. Used by one thread. */
public final class Corpus {
    private final Map<String, Passage> passages = new HashMap<>();
    private String[] sortedIds = {};
    private boolean isSorted = true;

    /** Adds or replaces a passage; returns whether anything changed. */
    public boolean put(Passage passage) {
        Passage before = passages.put(passage.id(), passage);
        isSorted &= before != null;
        return !passage.equals(before);
    }

    /** Takes a passage out; returns whether it was there. */
    public boolean remove(String passageId) {
        boolean wasThere = passages.remove(passageId) != null;
        isSorted &= !wasThere;
        return wasThere;
    }

    public Optional<Passage> find(String passageId) {
        return Optional.ofNullable(passages.get(passageId));
    }

    public boolean contains(String passageId) {
        return passages.containsKey(passageId);
    }

    public int size() {
        return passages.size();
    }

    public Collection<Passage> passages() {
        return Collections.unmodifiableCollection(passages.values());
    }

    /** A passage drawn at random; the same draw from the same passages, in whatever order they came. */
    public Passage draw(Random random) {
        if (!isSorted) {
            sortedIds = passages.keySet().stream().sorted().toArray(String[]::new);
            isSorted = true;
        }
        return passages.get(sortedIds[random.nextInt(sortedIds.length)]);
    }
}
