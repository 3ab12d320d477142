package dev.tandem.trainer;

import static java.util.Objects.requireNonNull;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.trainer.batch.Example;
import dev.tandem.trainer.batch.Examples;
import dev.tandem.trainer.batch.ListPool;
import dev.tandem.trainer.batch.Origin;
import dev.tandem.trainer.batch.TokenizedExample;
import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.recipe.TrainingRecipe;
import dev.tandem.trainer.resume.Position;
import dev.tandem.trainer.resume.Progress;
import dev.tandem.trainer.resume.TrainingState;
import dev.tandem.trainer.stage.Models;
import dev.tandem.trainer.stage.StageStep;
import dev.tandem.trainer.stage.StepLosses;
import dev.tandem.trainer.stage.TokenBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop that turns candidate lists into better checkpoints: poll, batch, forward, loss, backward, clip, step, log,
 * checkpoint.
 *
 * <p>It runs until it is stopped; with nothing to learn it waits. What a step draws at random follows from the recipe's seed
 * and the number of the draw, and a checkpoint holds everything else, so that a run that is killed and started again ends
 * with the same weights as one that is not.
 */
public final class Training {
    private static final Logger LOG = LoggerFactory.getLogger(Training.class);
    private static final Duration IDLE_WAIT = Duration.ofMillis(500);

    /** Why a training has ended. */
    public enum End {
        /** All steps that were asked for are made. */
        FINISHED,
        /** It was told to stop. */
        STOPPED,
        /** The lists have come to their end, and none may be used again. */
        NOTHING_LEFT
    }

    private final ListSource lists;
    private final Checkpoints checkpoints;
    private final Supplier<Promotions> promotions;
    private final TrainingRecipe recipe;
    private final TrainingSettings settings;
    private final TrainerMetrics metrics;
    private final Clock clock;
    private final Consumer<Update> updates;
    private final Telemetry telemetry;
    private final CheckpointSaving saving;
    private final TokenBudget budget;

    private Models models;
    private ListPool pool;
    private Progress progress;
    private int skippedInARow;
    private volatile boolean stopping;

    /**
     * A training that has not begun.
     *
     * @param promotions what is known of promotions now; asked before each step
     * @param updates told of every update, on the training's thread
     */
    public Training(
            ListSource lists,
            Checkpoints checkpoints,
            Supplier<Promotions> promotions,
            TrainingRecipe recipe,
            TrainingSettings settings,
            TrainerMetrics metrics,
            Clock clock,
            Consumer<Update> updates) {
        this.lists = requireNonNull(lists, "lists is null");
        this.checkpoints = requireNonNull(checkpoints, "checkpoints is null");
        this.promotions = requireNonNull(promotions, "promotions is null");
        this.recipe = requireNonNull(recipe, "recipe is null");
        this.settings = requireNonNull(settings, "settings is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.updates = requireNonNull(updates, "updates is null");
        this.telemetry = new Telemetry(metrics, clock, settings.logEverySteps());
        this.saving = new CheckpointSaving(checkpoints, settings, metrics, clock);
        this.budget = new TokenBudget(recipe.tokensPerMicroBatch(), this::discardForWantOfMemory);
    }

    /**
     * Trains until {@link #stop} is called, the steps that were asked for are made, or the lists have come to their end and
     * none may be used again; then saves a last checkpoint.
     *
     * @return why it has ended
     * @throws UncheckedIOException if neither a checkpoint nor the initial directory can be read
     */
    public End run() {
        try {
            resume();
            boolean waiting = false;
            while (!stopping && !isFinished() && !(waiting && lists.isAtEnd())) {
                if (progress.isStageOver()) {
                    enterNextStage();
                }
                hearOfPromotions();
                poll(waiting ? IDLE_WAIT : Duration.ZERO);
                SplittableRandom random = new SplittableRandom(recipe.seed() ^ Long.rotateLeft(progress.draws(), 32));
                List<CandidateList> drawn = draw(random);
                waiting = drawn.isEmpty();
                if (waiting) {
                    telemetry.waiting(progress, pool.size());
                } else {
                    learn(drawn, examples(drawn, random), random.nextInt());
                }
                if (saving.isWanted(progress)) {
                    checkpoint();
                }
            }
            if (!saving.isSaved(progress)) {
                checkpoint();
            }
            telemetry.ended(progress, pool.size());
            return isFinished() ? End.FINISHED : stopping ? End.STOPPED : End.NOTHING_LEFT;
        } finally {
            close();
        }
    }

    /** Makes {@link #run} save a last checkpoint and return, from any thread. */
    public void stop() {
        stopping = true;
    }

    /** Where the training stands, from any thread. */
    public TrainingStatus status() {
        return telemetry.status();
    }

    /** When the loop last went round, learning or waiting, from any thread. */
    public Instant lastSignOfLife() {
        return telemetry.lastSignOfLife();
    }

    /** Whether lists have been there for minutes and do not come, from any thread. */
    public boolean isStalled() {
        return lists.isStalled();
    }

    private void resume() {
        try {
            Optional<Checkpoint> newest = checkpoints.newest();
            pool = new ListPool(recipe.replay());
            if (newest.isPresent()) {
                resume(newest.get());
            } else {
                begin();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot go on from the newest checkpoint: " + e.getMessage(), e);
        }
    }

    private void begin() throws IOException {
        Path initial = settings.initial();
        Optional<TrainingState> given =
                TrainingState.isIn(initial) ? Optional.of(TrainingState.read(initial)) : Optional.empty();
        progress = Progress.beginning(recipe, settings.run(), given);
        models = Models.open(initial, recipe, settings.compute());
        models.begin(progress.stage());
        lists.seek(Position.BEGINNING);
        saving.resumeAt(progress.step());
        LOG.info("Beginning run={} stage={} initial={}", settings.run(), progress.stage(), initial);
    }

    private void resume(Checkpoint checkpoint) throws IOException {
        TrainingState state = TrainingState.read(checkpoint.directory());
        progress = Progress.resumed(state, recipe);
        models = Models.open(checkpoint.directory(), recipe, settings.compute());
        models.resume(state.stage(), checkpoint.directory(), state.updates());
        SortedMap<Origin, Integer> uses = state.pool().uses();
        SortedSet<Origin> held = new TreeSet<>(uses.keySet());
        held.addAll(state.position().refused());
        lists.readAgain(held, (origin, list) -> pool.restore(origin, list, uses.getOrDefault(origin, 0)));
        lists.seek(state.position());
        saving.resumeAt(state.step());
        LOG.info(
                "Going on checkpoint={} step={} stage={} pool={} position={}",
                checkpoint.id(),
                state.step(),
                state.stage(),
                pool.size(),
                state.position());
        if (!recipe.equals(state.recipe())) {
            LOG.info("The recipe has changed since the checkpoint was saved before={} now={}", state.recipe(), recipe);
        }
    }

    private boolean isFinished() {
        boolean asked = settings.mostSteps() > 0 && progress.step() >= settings.mostSteps();
        return asked || (isJoint() && progress.isStageOver());
    }

    private void enterNextStage() {
        boolean plateau = progress.isPlateau();
        progress.enterNextStage();
        models.begin(progress.stage());
        pool.forgetUses();
        LOG.info(
                "Entering stage={} step={} because={}",
                progress.stage(),
                progress.step(),
                plateau ? "the loss no longer falls" : "all steps are made");
    }

    private void hearOfPromotions() {
        if (progress.championIs(promotions.get().champion())) {
            pool.forgetUses();
        }
    }

    private void poll(Duration wait) {
        int most = Math.min(recipe.replay().intakeLists(), pool.room(isJoint()));
        for (ListSource.Arrival arrival : lists.poll(most, wait)) {
            arrival.list().ifPresentOrElse(list -> pool.add(arrival.origin(), list), () -> pool.remove(arrival.key()));
        }
        pool.trim(isJoint());
    }

    private List<CandidateList> draw(SplittableRandom random) {
        List<CandidateList> drawn = pool.draw(recipe.lists(progress.stage()), isJoint(), isJoint(), random);
        if (!drawn.isEmpty()) {
            progress.drew();
        }
        return drawn;
    }

    /** Alone this stage learns from lists without a label, and has no end of its own that would bound their uses. */
    private boolean isJoint() {
        return progress.stage() == Stage.JOINT;
    }

    private List<Example> examples(List<CandidateList> drawn, SplittableRandom random) {
        return progress.isEasy()
                ? Examples.withRandomNegatives(drawn, recipe.listLength(progress.stage()), pool, random)
                : Examples.withOwnNegatives(drawn, recipe.listLength(progress.stage()), pool, random);
    }

    private void learn(List<CandidateList> drawn, List<Example> examples, int torchSeed) {
        telemetry.updateBegins();
        try (NDManager step = models.newStep()) {
            List<TokenizedExample> tokenized = models.step().tokenize(examples);
            StepLosses losses = budget.within(
                    StageStep.tokens(tokenized),
                    models.longestSequence(),
                    tokens -> accumulate(step, tokenized, tokens, torchSeed));
            float norm = models.clip(step);
            if (!losses.isFinite() || !Float.isFinite(norm)) {
                models.discard(step);
                skip(losses, norm);
                return;
            }
            double share = recipe.schedule(progress.stage()).share(progress.stageStep());
            models.update(step, share);
            saving.beforeUpdate(progress);
            skippedInARow = 0;
            progress.updated(losses.total(), losses.terms(), drawn.size(), freshestFeedbackAt(drawn));
            telemetry.updated(progress, losses, norm, models.rate(share), drawn.size(), pool.size());
            updates.accept(new Update(
                    progress.stage(), progress.step(), progress.stageStep(), losses, norm, models.rate(share)));
            metrics.pool(pool.meanUses());
            metrics.behind(lists.lag(), progress.freshestFeedbackAt(), clock.millis());
        }
    }

    private StepLosses accumulate(
            NDManager step, List<TokenizedExample> examples, int tokensPerMicroBatch, int torchSeed) {
        Engine.getInstance().setRandomSeed(torchSeed); // of dropout
        return models.step(tokensPerMicroBatch).accumulate(step, examples);
    }

    private void discardForWantOfMemory(int tokens) {
        try (NDManager discarding = models.newStep()) {
            models.discard(discarding);
        }
        metrics.outOfMemory(tokens);
        LOG.warn(
                "The device had no memory for a step; it is made again in smaller parts step={} tokensPerMicroBatch={}."
                        + " Set recipe.tokens-per-micro-batch to that to spare the next start the attempt.",
                progress.step(),
                tokens);
    }

    private static long freshestFeedbackAt(List<CandidateList> drawn) {
        return drawn.stream()
                .mapToLong(list -> list.freshestFeedbackAt().toEpochMilli())
                .max()
                .orElse(0);
    }

    private void skip(StepLosses losses, float norm) {
        metrics.skipped();
        skippedInARow++;
        LOG.warn(
                "Skipped an update whose loss or gradient is no number step={} loss={} gradientNorm={} inARow={}",
                progress.step(),
                losses.total(),
                norm,
                skippedInARow);
        if (skippedInARow >= settings.skipsInARow()) {
            returnToLastCheckpoint();
        }
    }

    private void returnToLastCheckpoint() {
        LOG.error(
                "Returning to the last checkpoint after {} updates without a number step={} checkpoint={}. Other lists are"
                        + " drawn from there; if it happens again, lower the learning rate.",
                skippedInARow,
                progress.step(),
                progress.checkpoint());
        metrics.returned();
        long draws = progress.draws();
        models.close();
        resume();
        progress.goOnDrawingAt(draws);
        skippedInARow = 0;
    }

    private void checkpoint() {
        TrainingState state = progress.toSave(lists.position(), pool.state(), models.updates(), clock.millis());
        saving.save(state, models, promotions.get(), progress);
    }

    private void close() {
        if (models != null) {
            models.close();
        }
        lists.close();
    }
}
