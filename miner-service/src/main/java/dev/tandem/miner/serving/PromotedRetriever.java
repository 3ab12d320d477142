package dev.tandem.miner.serving;

import dev.tandem.retrieval.Passage;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The retriever that serves now, kept up with the passages; after a promotion the next one is built aside in a thread of
 * its own and takes over whole.
 *
 * <p>Used by one thread, which calls {@link #swap} between its pieces of work. A promotion that arrives while another is
 * being built takes its place. A checkpoint that cannot be opened is skipped; while the store cannot be reached, it is tried
 * again. What serves goes on serving.
 */
public final class PromotedRetriever implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PromotedRetriever.class);

    /** Opens the encoders of a promotion, with an empty index. */
    public interface Opening {
        /**
         * Opens them.
         *
         * @param passages that it will be given, about so many
         * @throws IOException if the store cannot be reached now; another exception says that they cannot serve
         */
        Retriever open(Promotion promotion, int passages) throws IOException;
    }

    private final Corpus corpus;
    private final Opening opening;
    private final Clock clock;
    private final ExecutorService builder = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "index-builder");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<String> changedSinceBuilding = new LinkedHashSet<>();
    private Retriever current;
    private IndexBuilding building;

    /**
     * Starts with BM25.
     *
     * @param corpus the passages, kept up by {@link #put} and {@link #remove}
     */
    public PromotedRetriever(Corpus corpus, Opening opening, Clock clock) {
        this.corpus = corpus;
        this.opening = opening;
        this.clock = clock;
        this.current = new WordRetriever();
        current.put(List.copyOf(corpus.passages()));
    }

    /** What serves now. */
    public Retriever current() {
        return current;
    }

    /** Whether a champion is on its way. */
    public boolean isBuilding() {
        return building != null;
    }

    /** Adds or replaces passages. */
    public void put(List<Passage> passages) {
        List<Passage> changed = new ArrayList<>();
        for (Passage passage : passages) {
            if (corpus.put(passage)) {
                changed.add(passage);
                note(passage.id());
            }
        }
        current.put(changed);
    }

    /** Takes a passage out. */
    public void remove(String passageId) {
        if (corpus.remove(passageId)) {
            note(passageId);
            current.remove(passageId);
        }
    }

    /**
     * Begins to build the index of the first of these that can be opened; a champion on its way is given up. Where the first is
     * what serves already, as after the promotions were read once more, it goes on serving.
     */
    public void promote(List<Promotion> newestFirst) {
        if (building != null) {
            building.abandon();
            building = null;
        }
        changedSinceBuilding.clear();
        if (!newestFirst.isEmpty()
                && newestFirst.get(0).digest().equals(current.index().digest())) {
            return;
        }
        building = new IndexBuilding(newestFirst, opening, List.copyOf(corpus.passages()), clock);
        builder.execute(building);
    }

    /** Lets the next retriever take over if it is ready; returns whether it did. */
    public boolean swap() {
        if (building != null && building.isToBeRunAgain()) {
            builder.execute(building);
        }
        if (building == null || !building.isOver()) {
            return false;
        }
        Optional<Retriever> built = building.result();
        building = null;
        if (built.isEmpty()) {
            return false;
        }
        Retriever next = built.get();
        List<Passage> changed = new ArrayList<>();
        for (String passageId : changedSinceBuilding) {
            corpus.find(passageId).ifPresentOrElse(changed::add, () -> next.remove(passageId));
        }
        next.put(changed);
        LOG.info(
                "A new champion mines from now on: checkpoint={} passages={} before={} embeddings={}",
                next.id(),
                corpus.size(),
                current.id(),
                next.index().embeddings());
        current.close();
        current = next;
        return true;
    }

    private void note(String passageId) {
        if (building != null) {
            changedSinceBuilding.add(passageId);
        }
    }

    @Override
    public void close() {
        if (building != null) {
            building.abandon();
        }
        builder.shutdown();
        current.close();
    }
}
