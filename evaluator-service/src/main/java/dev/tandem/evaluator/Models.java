package dev.tandem.evaluator;

import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.evaluator.history.SavedCheckpoint;
import dev.tandem.evaluator.scoring.CheckpointModel;
import dev.tandem.evaluator.scoring.Corpus;
import dev.tandem.evaluator.scoring.Measuring;
import dev.tandem.evaluator.scoring.Progress;
import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.InvalidModelException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models in memory: the champion, and the last evaluated challenger beside it. The loop changes them; searches borrow
 * them, and a model is closed only when nobody holds it.
 */
public final class Models implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Models.class);
    /** Tries to open a champion that is what its event says, over more than a minute, before another one may succeed it. */
    private static final int OPENINGS = 5;

    /** A model with what was measured of it. */
    record Entrant(CheckpointModel model, Measuring measuring) {
        String id() {
            return model.id();
        }
    }

    private final Opener opener;
    private final Visitor visitor;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private Entrant champion;
    private Entrant challenger;
    private int failedOpenings;
    private String unavailable;
    private String unavailableReason;

    Models(CheckpointStore store, Compute compute, Clock clock) {
        this.opener = new Opener(store, compute);
        this.visitor = new Visitor(clock);
    }

    /**
     * Opens an announced checkpoint, verified; whoever gets it has to close it or {@link #keep} it.
     *
     * @throws IOException if the store cannot be reached
     * @throws CheckpointCorruptedException if it is not what was announced
     */
    Entrant open(SavedCheckpoint saved) throws IOException {
        return new Entrant(opener.open(saved, residents()), new Measuring());
    }

    /**
     * Whether a checkpoint that was opened is still in the store, so that others can open it.
     *
     * @throws IOException if the store cannot be reached
     */
    boolean isStored(String id) throws IOException {
        return opener.isStored(id);
    }

    private List<CheckpointModel> residents() {
        lock.readLock().lock();
        try {
            return Stream.of(challenger, champion)
                    .filter(Objects::nonNull)
                    .map(Entrant::model)
                    .toList();
        } finally {
            lock.readLock().unlock();
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
                    : new Entrant(opener.open(promoted, residents()), new Measuring());
            crown(next);
            failedOpenings = 0;
        } catch (CheckpointCorruptedException | InvalidModelException e) {
            giveUp(promoted, e);
        } catch (
                RuntimeException
                        e) { // for want of memory, perhaps, or it is broken: the ring has to go on without it then
            failedOpenings++;
            if (failedOpenings < OPENINGS) {
                throw new IOException("The champion %s could not be opened: %s".formatted(promoted.id(), e), e);
            }
            giveUp(promoted, e);
        }
    }

    private void giveUp(PromotedCheckpoint promoted, RuntimeException e) {
        LOG.error(
                "The champion cannot be opened, the next sound checkpoint succeeds it checkpoint={}", promoted.id(), e);
        failedOpenings = 0;
        unavailable = promoted.id();
        unavailableReason = e.getMessage();
        replace(null, challenger);
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
        visitor.leave(); // whose embeddings it may have shared
    }

    /** Embeds what was published since, so that searches find it. */
    void keepUp(Corpus.Snapshot corpus, Progress progress) {
        visitor.leaveIfForgotten();
        for (Entrant entrant : new Entrant[] {champion, challenger}) {
            if (entrant != null) {
                entrant.model().sync(corpus, progress);
            }
        }
    }

    /** Lends a model in memory; empty where there is none of this id. */
    <R> Optional<R> borrow(String id, Function<CheckpointModel, R> use) {
        return borrow(model -> model.id().equals(id), use);
    }

    /** Lends the champion for one search; empty while there is none. */
    public <R> Optional<R> borrowChampion(Function<CheckpointModel, R> use) {
        return borrow(model -> champion != null && model == champion.model(), use);
    }

    /**
     * Lends any announced checkpoint for one search: one in memory with the corpus as it has embedded it, else a {@link
     * Visitor}, which finds what it finds by itself only where it shares the retriever of one in memory. Empty where it is
     * not in memory and would have to be fetched from S3, which a search does not do.
     *
     * @throws IOException if the store cannot be reached
     * @throws CheckpointCorruptedException if it is not what was announced
     * @throws BusyException if others are asking
     */
    public <R> Optional<R> borrow(SavedCheckpoint saved, Function<CheckpointModel, R> use) throws IOException {
        Optional<R> answer = borrow(saved.id(), use);
        if (answer.isPresent() || !saved.uri().startsWith("file:")) {
            return answer;
        }
        return Optional.of(visitor.lend(saved.id(), () -> opener.open(saved, residents()), model -> {
            residents().forEach(model::follow);
            return use.apply(model);
        }));
    }

    private <R> Optional<R> borrow(Predicate<CheckpointModel> which, Function<CheckpointModel, R> use) {
        lock.readLock().lock();
        try {
            return residents().stream().filter(which).findFirst().map(use);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        replace(null, null);
    }
}
