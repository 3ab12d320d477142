package dev.tandem.evaluator;

import dev.tandem.evaluator.history.Decision;
import dev.tandem.evaluator.history.EvaluatedCheckpoint;
import dev.tandem.evaluator.history.History;
import dev.tandem.evaluator.history.MetricValue;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.evaluator.history.SavedCheckpoint;
import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what a person orders of the promotions; every order that is carried out is a promotion on its topic. */
public final class Orders {
    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

    private final Decisions decisions;
    private final CheckpointStore store;
    private final EmbeddingOffers offers;
    private final Clock clock;

    Orders(Decisions decisions, CheckpointStore store, EmbeddingOffers offers, Clock clock) {
        this.decisions = decisions;
        this.store = store;
        this.offers = offers;
        this.clock = clock;
    }

    /**
     * Carries one out; the checkpoint is opened and verified before anybody is told.
     *
     * @throws OrderRefusedException if it cannot be carried out as things are
     */
    public PromotedCheckpoint carryOut(Order order) {
        PromotedCheckpoint promoted = decisions.record(history -> proposal(order, history));
        LOG.info(
                "Promoted by order action={} checkpoint={} frozen={} by={} reason={}",
                order.action(),
                promoted.id(),
                promoted.frozen(),
                promoted.promotedBy(),
                promoted.reason());
        return promoted;
    }

    private PromotedCheckpoint proposal(Order order, History history) {
        return switch (order.action()) {
            case FORCE -> offers.withThoseAtHand(forced(order, history));
            case ROLLBACK -> offers.withThoseAtHand(rolledBack(order, history));
            case FREEZE -> frozen(order, history, true);
            case UNFREEZE -> frozen(order, history, false);
        };
    }

    private PromotedCheckpoint forced(Order order, History history) {
        requireOther(order.checkpoint(), history);
        SavedCheckpoint saved = history.saved(order.checkpoint())
                .orElseThrow(
                        () -> new OrderRefusedException("Checkpoint %s was never announced; GET /checkpoints lists them"
                                .formatted(order.checkpoint())));
        history.evaluated(saved.id())
                .filter(evaluated -> evaluated.decision() == Decision.REFUSED)
                .ifPresent(refused -> {
                    throw new OrderRefusedException(
                            "Checkpoint %s cannot serve: %s".formatted(saved.id(), refused.reason()));
                });
        requireSound(saved.id(), saved.uri(), saved.digest());
        List<MetricValue> metrics =
                history.evaluated(saved.id()).map(EvaluatedCheckpoint::metrics).orElse(List.of());
        return new PromotedCheckpoint(
                saved.id(),
                saved.uri(),
                saved.digest(),
                saved.step(),
                saved.rerankerTrained(),
                history.championId(),
                metrics,
                words(order, saved.id(), history),
                order.by(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                freeze(order, history),
                List.of(),
                null);
    }

    private PromotedCheckpoint rolledBack(Order order, History history) {
        String target = order.checkpoint() != null ? order.checkpoint() : history.formerChampion();
        if (target == null) {
            throw new OrderRefusedException("There was no champion before this one to roll back to");
        }
        requireOther(target, history);
        PromotedCheckpoint former = history.promotions().stream()
                .filter(promoted -> promoted.id().equals(target))
                .findFirst()
                .orElseThrow(() -> new OrderRefusedException(
                        "Checkpoint %s was never champion; GET /promotions lists those that were".formatted(target)));
        requireSound(former.id(), former.uri(), former.digest());
        return again(former, order, history, freeze(order, history));
    }

    private PromotedCheckpoint frozen(Order order, History history, boolean frozen) {
        PromotedCheckpoint champion =
                history.champion().orElseThrow(() -> new OrderRefusedException("There is no champion yet to keep"));
        if (champion.frozen() == frozen) {
            throw new OrderRefusedException(frozen ? "Promotions are frozen already" : "Promotions are not frozen");
        }
        return again(champion, order, history, frozen);
    }

    private PromotedCheckpoint again(PromotedCheckpoint former, Order order, History history, boolean frozen) {
        return new PromotedCheckpoint(
                former.id(),
                former.uri(),
                former.digest(),
                former.step(),
                former.rerankerTrained(),
                history.championId(),
                former.metrics(),
                words(order, former.id(), history),
                order.by(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                frozen,
                List.of(),
                former.embeddingsUri());
    }

    /** With the metrics of its evaluation a promotion repeats what they were measured on. */
    private static String words(Order order, String id, History history) {
        return history.evaluated(id)
                .map(EvaluatedCheckpoint::pool)
                .map(pool -> order.words() + ". " + pool.words())
                .orElse(order.words());
    }

    private static boolean freeze(Order order, History history) {
        return order.freeze() == null ? history.isFrozen() : order.freeze();
    }

    private static void requireOther(String target, History history) {
        if (Objects.equals(target, history.championId())) {
            throw new OrderRefusedException("Checkpoint %s is the champion already".formatted(target));
        }
    }

    private void requireSound(String id, String uri, String digest) {
        try {
            if (!store.open(URI.create(uri), digest).id().equals(id)) {
                throw new OrderRefusedException("The event of checkpoint %s points to another one".formatted(id));
            }
            if (!store.holds(id)) {
                throw new OrderRefusedException(
                        "Checkpoint %s is no longer in the store; trainer.keep says how many stay".formatted(id));
            }
        } catch (CheckpointCorruptedException | IllegalArgumentException e) {
            throw new OrderRefusedException("Checkpoint %s cannot serve: %s".formatted(id, e.getMessage()), e);
        } catch (IOException e) {
            throw new OrderRefusedException(
                    "The checkpoint store cannot be reached, try again later: " + e.getMessage(), e);
        }
    }
}
