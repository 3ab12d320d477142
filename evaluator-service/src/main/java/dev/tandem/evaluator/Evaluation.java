package dev.tandem.evaluator;

import dev.tandem.evaluator.Judge.Outcome;
import dev.tandem.evaluator.Models.Entrant;
import dev.tandem.evaluator.card.Cards;
import dev.tandem.evaluator.history.Decision;
import dev.tandem.evaluator.history.EvaluatedCheckpoint;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.evaluator.history.SavedCheckpoint;
import dev.tandem.evaluator.scoring.BrokenModelException;
import dev.tandem.evaluator.scoring.MeasuredCorpus;
import dev.tandem.evaluator.scoring.WordSearch;
import dev.tandem.retrieval.checkpoint.Backoff;
import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import dev.tandem.retrieval.encoder.InvalidModelException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The evaluator's loop: checkpoint after checkpoint is verified, scored, compared with the champion, and promoted or not.
 *
 * <p>It begins when passages and held-out queries are read to their ends, so that no checkpoint is judged on half a corpus.
 * Every checkpoint gets exactly one decision, written in one transaction with the promotion that may follow; a restarted
 * evaluator reads the decisions back and goes on with what is undecided. Of those waiting, the ones {@link
 * dev.tandem.evaluator.history.History#superseded superseded} are skipped, and that is recorded too. While the checkpoint store
 * cannot be reached, they wait.
 */
public final class Evaluation {
    private static final Logger LOG = LoggerFactory.getLogger(Evaluation.class);
    private static final long LOOK_AROUND_MILLIS = 200;

    private final Knowledge knowledge;
    private final Feed feed;
    private final Models models;
    private final WordSearch words;
    private final MeasuredCorpus measured;
    private final Judge judge;
    private final Decisions decisions;
    private final Cards cards;
    private final EmbeddingOffers offers;
    private final Activity activity;
    private final EvaluatorMeters meters;
    private final Clock clock;
    private final Backoff opening;
    private final CountDownLatch stopped = new CountDownLatch(1);

    Evaluation(
            Knowledge knowledge,
            Feed feed,
            Models models,
            WordSearch words,
            MeasuredCorpus measured,
            Judge judge,
            Decisions decisions,
            Cards cards,
            EmbeddingOffers offers,
            Activity activity,
            EvaluatorMeters meters,
            Clock clock) {
        this.knowledge = knowledge;
        this.feed = feed;
        this.models = models;
        this.words = words;
        this.measured = measured;
        this.judge = judge;
        this.decisions = decisions;
        this.cards = cards;
        this.offers = offers;
        this.activity = activity;
        this.meters = meters;
        this.clock = clock;
        this.opening = new Backoff(clock);
    }

    /** Runs until stopped or interrupted. */
    void run() throws InterruptedException {
        feed.awaitCaughtUp();
        try {
            do {
                skipSuperseded();
                lookAround();
            } while (!stopped.await(LOOK_AROUND_MILLIS, TimeUnit.MILLISECONDS));
        } catch (CancellationException e) {
            LOG.info("Stopped; what was not decided is evaluated after the next start");
        }
    }

    private void lookAround() {
        Optional<SavedCheckpoint> next = knowledge.history().waiting().stream().findFirst();
        try {
            if (next.isPresent() && canEvaluate() && opening.mayTry()) {
                evaluate(next.get());
                opening.succeeded();
            } else {
                keepUp();
            }
        } catch (IOException e) { // says nothing about any checkpoint: none is refused
            LOG.warn("The checkpoint store cannot be reached, checkpoints wait; next try in {}", opening.failed(), e);
        }
    }

    void stop() {
        activity.stop();
        stopped.countDown();
    }

    private boolean canEvaluate() {
        return knowledge.corpus().size() > 0
                && !knowledge.heldOut().snapshot().gate().isEmpty();
    }

    private void skipSuperseded() {
        for (SavedCheckpoint checkpoint : knowledge.history().superseded()) {
            String reason =
                    "Superseded: a newer checkpoint of stage %s was waiting behind it.".formatted(checkpoint.stage());
            record(judge.without(checkpoint, Decision.SKIPPED, reason, clock.instant()), Optional.empty());
        }
    }

    /** Between evaluations: searches shall find what was published, with the champion that the topics name. */
    private void keepUp() throws IOException {
        words.sync(knowledge.corpus().snapshot());
        if (opening.mayTry()) {
            models.champion(knowledge.history().champion());
            opening.succeeded();
        }
        knowledge.history().champion().ifPresent(meters::champion);
        cards.writeMissing();
        offers.withdrawOld(knowledge.history());
        models.keepUp(measured.latest(), activity.quietly());
    }

    private void evaluate(SavedCheckpoint checkpoint) throws IOException {
        Instant begun = clock.instant();
        activity.start(checkpoint.id());
        try {
            Entrant entrant = models.open(checkpoint);
            judge(checkpoint, entrant, begun);
        } catch (CheckpointCorruptedException | InvalidModelException e) {
            refuse(checkpoint, e.getMessage(), begun);
        } finally {
            activity.rest();
        }
    }

    private void judge(SavedCheckpoint checkpoint, Entrant entrant, Instant begun) throws IOException {
        Outcome outcome;
        try {
            outcome = judge.judge(checkpoint, entrant, begun);
            requireStored(outcome);
        } catch (CancellationException | IOException e) {
            entrant.model().close();
            throw e;
        } catch (BrokenModelException | CheckpointCorruptedException e) {
            entrant.model().close();
            refuse(checkpoint, e.getMessage(), begun);
            return;
        } catch (RuntimeException e) { // one checkpoint must not stop the ring, whatever is wrong with it
            LOG.error("The evaluation failed; the checkpoint is refused checkpoint={}", checkpoint.id(), e);
            entrant.model().close();
            refuse(checkpoint, "Its evaluation failed: " + e, begun);
            return;
        }
        Optional<PromotedCheckpoint> promoted =
                outcome.promoted().map(promotion -> offers.withThoseOf(entrant.model(), promotion));
        if (!record(outcome.evaluated(), promoted)) {
            LOG.info(
                    "Evaluating again, for a person has changed the promotions meanwhile checkpoint={}",
                    checkpoint.id());
            entrant.model().close();
        } else if (outcome.promoted().isPresent()) {
            models.crown(outcome.entrant());
        } else {
            models.keep(outcome.entrant());
        }
    }

    private void requireStored(Outcome outcome) throws IOException {
        if (outcome.promoted().isPresent() && !models.isStored(outcome.entrant().id())) {
            throw new CheckpointCorruptedException(
                    "It would be promoted, and was deleted from the store while it was evaluated. Keep more checkpoints (trainer.keep), or save fewer.");
        }
    }

    private void refuse(SavedCheckpoint checkpoint, String reason, Instant begun) {
        record(judge.without(checkpoint, Decision.REFUSED, reason, begun), Optional.empty());
    }

    private boolean record(EvaluatedCheckpoint evaluated, Optional<PromotedCheckpoint> promoted) {
        if (!decisions.record(evaluated, promoted)) {
            return false;
        }
        meters.decided(evaluated);
        LOG.info(
                "Decided checkpoint={} step={} decision={} seconds={} reason={}",
                evaluated.id(),
                evaluated.step(),
                evaluated.decision(),
                evaluated.seconds(),
                evaluated.reason());
        return true;
    }
}
