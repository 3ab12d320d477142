package dev.tandem.evaluator;

import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.evaluator.history.SavedCheckpoint;
import dev.tandem.evaluator.scoring.CheckpointModel;
import dev.tandem.evaluator.scoring.Corpus;
import dev.tandem.evaluator.scoring.Measuring;
import dev.tandem.evaluator.scoring.Progress;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.Compute;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models in memory: the champion, and the last evaluated challenger beside it. The loop changes them; searches borrow
 * them, and a model is closed only when nobody holds it.
 */
public final class Models implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Models.class);

    /** A model with what was measured of it. */
    record Entrant(CheckpointModel model, Measuring measuring) {
        String id() {
            return model.id();
        }
    }

    private final CheckpointStore store;
    private final Compute compute;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private Entrant champion;
    private Entrant challenger;
    private String unavailable;
    private String unavailableReason;

    Models(CheckpointStore store, Compute compute) {
        this.store = store;
        this.compute = compute;
    }

    /**
     * Opens an announced checkpoint, verified; whoever gets it has to close it or {@link #keep} it.
     *
     * @throws IOException if the store cannot be reached
     * @throws CheckpointCorruptedException if it is not what was announced
     */
    Entrant open(SavedCheckpoint saved) throws IOException {
        Entrant opened = open(saved.id(), saved.uri(), saved.digest());
        if (opened.model().isRerankerTrained() != saved.rerankerTrained()) {
            opened.model().close();
            throw new CheckpointCorruptedException(
                    "Checkpoint %s: its event says that its re-ranker %s trained, its manifest says otherwise"
                            .formatted(saved.id(), saved.rerankerTrained() ? "was" : "was not"));
        }
        return opened;
    }

    private Entrant open(String id, String uri, String digest) throws IOException {
        Checkpoint checkpoint = store.open(parse(uri), digest);
        if (!checkpoint.id().equals(id)) {
            throw new CheckpointCorruptedException(
                    "The event of checkpoint %s points to checkpoint %s".formatted(id, checkpoint.id()));
        }
        CheckpointManifest manifest = CheckpointStore.manifest(checkpoint);
        List<CheckpointModel> others = new ArrayList<>();
        for (Entrant other : new Entrant[] {challenger, champion}) {
            if (other != null) {
                others.add(other.model());
            }
        }
        return new Entrant(CheckpointModel.open(checkpoint, manifest, compute, others), new Measuring());
    }

    private static URI parse(String uri) {
        try {
            return new URI(uri);
        } catch (URISyntaxException e) {
            throw new CheckpointCorruptedException("Expected the URI of a checkpoint, got \"%s\"".formatted(uri), e);
        }
    }

    /**
     * The champion, opened if it is not yet; empty if there is none, or if it cannot be opened.
     *
     * @throws IOException if the store cannot be reached, so that nobody knows
     */
    Optional<Entrant> champion(Optional<PromotedCheckpoint> promoted) throws IOException {
        if (promoted.isEmpty() || promoted.get().id().equals(unavailable)) {
            return Optional.empty();
        }
        if (champion == null || !champion.id().equals(promoted.get().id())) {
            follow(promoted.get());
        }
        return Optional.ofNullable(champion);
    }

    private void follow(PromotedCheckpoint promoted) throws IOException {
        try {
            Entrant next = challenger != null && challenger.id().equals(promoted.id())
                    ? challenger
                    : open(promoted.id(), promoted.uri(), promoted.digest());
            crown(next);
        } catch (RuntimeException e) { // whatever is wrong with it, the ring has to go on without it
            LOG.error(
                    "The champion cannot be opened, the next sound checkpoint succeeds it checkpoint={}",
                    promoted.id(),
                    e);
            unavailable = promoted.id();
            unavailableReason = e.getMessage();
            replace(null, challenger);
        }
    }

    /** Why a champion that was promoted cannot be compared with, null where nothing is wrong. */
    String unavailableReason(String championId) {
        return Objects.equals(championId, unavailable) ? unavailableReason : null;
    }

    void crown(Entrant entrant) {
        replace(entrant, null);
    }

    void keep(Entrant rejected) {
        replace(champion, rejected);
    }

    private void replace(Entrant nextChampion, Entrant nextChallenger) {
        lock.writeLock().lock();
        try {
            for (Entrant former : new Entrant[] {champion, challenger}) {
                if (former != null && !former.equals(nextChampion) && !former.equals(nextChallenger)) {
                    former.model().close();
                }
            }
            champion = nextChampion;
            challenger = nextChallenger;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Embeds what was published since, so that searches find it. */
    void keepUp(Corpus.Snapshot corpus, Progress progress) {
        for (Entrant entrant : new Entrant[] {champion, challenger}) {
            if (entrant != null) {
                entrant.model().sync(corpus, progress);
            }
        }
    }

    /** Lends the champion for one search; empty while there is none. */
    public <R> Optional<R> borrowChampion(Function<CheckpointModel, R> use) {
        return borrow(() -> champion, use);
    }

    /** Lends the last challenger, if it did not become champion. */
    public <R> Optional<R> borrowChallenger(Function<CheckpointModel, R> use) {
        return borrow(() -> challenger, use);
    }

    private <R> Optional<R> borrow(Supplier<Entrant> which, Function<CheckpointModel, R> use) {
        lock.readLock().lock();
        try {
            return Optional.ofNullable(which.get()).map(entrant -> use.apply(entrant.model()));
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        replace(null, null);
    }
}
