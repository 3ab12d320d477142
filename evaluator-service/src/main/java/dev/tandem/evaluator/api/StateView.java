package dev.tandem.evaluator.api;

import dev.tandem.evaluator.Activity;
import dev.tandem.evaluator.Evaluator;
import dev.tandem.evaluator.history.History;
import dev.tandem.evaluator.history.MetricValue;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.evaluator.history.Refusals;
import dev.tandem.evaluator.history.SavedCheckpoint;
import dev.tandem.evaluator.scoring.HeldOutQueries;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * All that the dashboard shows, at one moment.
 *
 * @param promotions how often another checkpoint became champion
 */
public record StateView(
        Instant now,
        Champion champion,
        Orders orders,
        int promotions,
        List<MetricValue> bm25,
        List<CheckpointView> checkpoints,
        Doing activity,
        Data corpus,
        List<Refusals.Refusal> refused,
        Freshness freshness) {
    /** Older checkpoints are left out. */
    private static final int MOST_CHECKPOINTS = 200;

    /**
     * The model that is live, and since which promotion.
     *
     * @param stage null where the checkpoint was never announced
     */
    public record Champion(
            String id,
            long step,
            String stage,
            Instant promotedAt,
            String reason,
            boolean rerankerTrained,
            String promotedBy,
            boolean frozen,
            List<MetricValue> metrics) {}

    /**
     * What a person may order.
     *
     * @param possible whether a token is configured, without which nobody may
     * @param rollbackTo former champion, null where there is none
     * @param freeze by what promotions were frozen, null where they are not
     */
    public record Orders(boolean possible, String rollbackTo, Freeze freeze) {}

    /** Since when, why and by whom the rule promotes nothing. */
    public record Freeze(Instant at, String reason, String by) {}

    /** What is done now; trouble is null while all is well. */
    public record Doing(String evaluating, String what, double share, int pending, boolean caughtUp, String trouble) {}

    /** What is searched, and with which queries it is measured. */
    public record Data(int passages, Sources heldOut, int gate, int report) {}

    /** Held-out queries by the source of their labels. */
    public record Sources(long judged, long clicks) {}

    /** How new what was learned is. */
    public record Freshness(Instant newestFeedbackLearnedAt, Instant lastCheckpointSavedAt, Instant lastPromotedAt) {}

    static StateView of(Evaluator evaluator) {
        History history = evaluator.knowledge().history();
        return new StateView(
                evaluator.clock().instant(),
                champion(history),
                orders(evaluator),
                ProgressView.promotions(history),
                yardstick(history),
                checkpoints(history),
                doing(evaluator),
                data(evaluator),
                evaluator.knowledge().refusals().list(),
                freshness(history));
    }

    private static Orders orders(Evaluator evaluator) {
        History history = evaluator.knowledge().history();
        return new Orders(
                evaluator.access().isPossible(),
                history.formerChampion(),
                history.freezing()
                        .map(frozen -> new Freeze(frozen.promotedAt(), frozen.reason(), frozen.promotedBy()))
                        .orElse(null));
    }

    private static Champion champion(History history) {
        return history.crowning()
                .map(promoted -> new Champion(
                        promoted.id(),
                        promoted.step(),
                        history.saved(promoted.id()).map(SavedCheckpoint::stage).orElse(null),
                        promoted.promotedAt(),
                        promoted.reason(),
                        promoted.rerankerTrained(),
                        promoted.promotedBy(),
                        history.isFrozen(),
                        CheckpointView.ofModel(promoted.metrics())))
                .orElse(null);
    }

    /** BM25: on the gate queries beside the last checkpoint that was scored, on the report queries beside the champion. */
    private static List<MetricValue> yardstick(History history) {
        Stream<MetricValue> gate = history.evaluated().stream()
                .filter(evaluated -> !evaluated.metrics().isEmpty())
                .reduce((earlier, later) -> later)
                .stream()
                .flatMap(scored -> scored.metrics().stream());
        Stream<MetricValue> report = history.champion().stream()
                .flatMap(champion -> champion.metrics().stream())
                .filter(metric -> metric.querySet().equals(MetricValue.REPORT));
        return Stream.concat(gate, report).filter(CheckpointView::isWords).toList();
    }

    private static List<CheckpointView> checkpoints(History history) {
        List<SavedCheckpoint> saved = history.saved();
        return saved.subList(Math.max(0, saved.size() - MOST_CHECKPOINTS), saved.size()).stream()
                .sorted(Comparator.comparingLong(SavedCheckpoint::step).thenComparing(SavedCheckpoint::savedAt))
                .map(checkpoint -> CheckpointView.of(checkpoint, history.evaluated(checkpoint.id())))
                .toList();
    }

    private static Doing doing(Evaluator evaluator) {
        Activity.Now now = evaluator.activity().now();
        return new Doing(
                now.evaluating(),
                now.what(),
                now.share(),
                ProgressView.pending(evaluator),
                evaluator.isCaughtUp(),
                evaluator.trouble().orElse(null));
    }

    private static Data data(Evaluator evaluator) {
        HeldOutQueries.Snapshot heldOut = evaluator.knowledge().heldOut().snapshot();
        int all = heldOut.gate().size() + heldOut.report().size();
        return new Data(
                evaluator.knowledge().corpus().size(),
                new Sources(all - heldOut.fromClicks(), heldOut.fromClicks()),
                heldOut.gate().size(),
                heldOut.report().size());
    }

    private static Freshness freshness(History history) {
        return new Freshness(
                history.saved().stream()
                        .map(SavedCheckpoint::freshestFeedbackAt)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                history.saved().stream()
                        .map(SavedCheckpoint::savedAt)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                history.crowning().map(PromotedCheckpoint::promotedAt).orElse(null));
    }
}
