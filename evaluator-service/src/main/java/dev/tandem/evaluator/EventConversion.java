package dev.tandem.evaluator;

import dev.tandem.evaluator.history.Decision;
import dev.tandem.evaluator.history.EvaluatedCheckpoint;
import dev.tandem.evaluator.history.EvaluatedPool;
import dev.tandem.evaluator.history.MetricDelta;
import dev.tandem.evaluator.history.MetricValue;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.evaluator.history.SavedCheckpoint;
import dev.tandem.evaluator.scoring.HeldOutQuery;
import dev.tandem.events.CheckpointEvaluated;
import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.EvaluationPool;
import dev.tandem.events.Judgement;
import dev.tandem.events.LabelSource;
import dev.tandem.events.PassagePublished;
import dev.tandem.events.QueryHeldOut;
import dev.tandem.events.TrainingStage;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.QueryKey;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns events into records and back; Avro goes no further. An event that breaks a rule gives IllegalArgumentException. */
final class EventConversion {
    private static final int LONGEST_ID = 512;

    private EventConversion() {}

    static Passage passage(String key, PassagePublished event) {
        requireKey(key, event.getId());
        if (event.getText().isBlank()) {
            throw new IllegalArgumentException("Passage %s has no text".formatted(event.getId()));
        }
        return new Passage(event.getId(), event.getTitle(), event.getText());
    }

    static HeldOutQuery heldOut(String key, QueryHeldOut event) {
        requireKey(key, event.getQueryKey());
        QueryKey expected = QueryKey.of(event.getText());
        if (!expected.value().equals(event.getQueryKey())) {
            throw new IllegalArgumentException("Query %s: expected query key %s for its text, got %s"
                    .formatted(event.getQueryId(), expected, event.getQueryKey()));
        }
        Map<String, Integer> grades = new HashMap<>();
        for (Judgement judgement : event.getJudgements()) {
            grades.merge(judgement.getPassageId(), judgement.getGrade(), Math::max);
        }
        return new HeldOutQuery(expected, event.getText(), grades, event.getSource() == LabelSource.CLICKS);
    }

    static SavedCheckpoint saved(String key, CheckpointSaved event) {
        requireKey(key, event.getId());
        return new SavedCheckpoint(
                event.getId(),
                event.getParent(),
                event.getStep(),
                event.getStage().name(),
                event.getRerankerTrained(),
                event.getUri(),
                event.getDigest(),
                event.getLosses(),
                event.getLists(),
                event.getFreshestFeedbackAt(),
                event.getSavedAt());
    }

    static EvaluatedCheckpoint evaluated(String key, CheckpointEvaluated event) {
        requireKey(key, event.getCheckpointId());
        return new EvaluatedCheckpoint(
                event.getCheckpointId(),
                event.getChampion(),
                event.getStep(),
                event.getStage().name(),
                metrics(event.getMetrics()),
                event.getDeltas().stream().map(EventConversion::delta).toList(),
                Decision.valueOf(event.getDecision().name()),
                event.getReason(),
                event.getSeconds(),
                event.getEvaluatedAt(),
                pool(event.getPool()));
    }

    static CheckpointEvaluated event(EvaluatedCheckpoint checkpoint) {
        return CheckpointEvaluated.newBuilder()
                .setCheckpointId(checkpoint.id())
                .setChampion(checkpoint.champion())
                .setStep(checkpoint.step())
                .setStage(TrainingStage.valueOf(checkpoint.stage()))
                .setMetrics(metricEvents(checkpoint.metrics()))
                .setDeltas(
                        checkpoint.deltas().stream().map(EventConversion::event).toList())
                .setDecision(
                        dev.tandem.events.Decision.valueOf(checkpoint.decision().name()))
                .setReason(checkpoint.reason())
                .setSeconds(checkpoint.seconds())
                .setEvaluatedAt(checkpoint.evaluatedAt().truncatedTo(ChronoUnit.MILLIS))
                .setPool(event(checkpoint.pool()))
                .build();
    }

    private static EvaluatedPool pool(EvaluationPool event) {
        return event == null ? null : new EvaluatedPool(event.getPassages(), event.getCorpus(), event.getRule());
    }

    private static EvaluationPool event(EvaluatedPool pool) {
        return pool == null ? null : new EvaluationPool(pool.passages(), pool.corpus(), pool.rule());
    }

    static PromotedCheckpoint promoted(CheckpointPromoted event) {
        return new PromotedCheckpoint(
                event.getCheckpointId(),
                event.getUri(),
                event.getDigest(),
                event.getStep(),
                event.getRerankerTrained(),
                event.getPreviousChampion(),
                metrics(event.getMetrics()),
                event.getReason(),
                event.getPromotedBy(),
                event.getPromotedAt(),
                event.getFrozen(),
                event.getAnchorQueries(),
                event.getEmbeddingsUri());
    }

    static CheckpointPromoted event(PromotedCheckpoint checkpoint) {
        return CheckpointPromoted.newBuilder()
                .setCheckpointId(checkpoint.id())
                .setUri(checkpoint.uri())
                .setDigest(checkpoint.digest())
                .setStep(checkpoint.step())
                .setRerankerTrained(checkpoint.rerankerTrained())
                .setPreviousChampion(checkpoint.previous())
                .setMetrics(metricEvents(checkpoint.metrics()))
                .setReason(checkpoint.reason())
                .setPromotedBy(checkpoint.promotedBy())
                .setPromotedAt(checkpoint.promotedAt().truncatedTo(ChronoUnit.MILLIS))
                .setFrozen(checkpoint.frozen())
                .setAnchorQueries(checkpoint.anchor())
                .setEmbeddingsUri(checkpoint.embeddingsUri())
                .build();
    }

    private static List<MetricValue> metrics(List<dev.tandem.events.MetricValue> events) {
        return events.stream()
                .map(event -> new MetricValue(
                        event.getRanking(),
                        event.getName(),
                        event.getQuerySet(),
                        event.getSlice(),
                        event.getQueries(),
                        event.getValue(),
                        event.getLow(),
                        event.getHigh()))
                .toList();
    }

    private static List<dev.tandem.events.MetricValue> metricEvents(List<MetricValue> metrics) {
        return metrics.stream()
                .map(metric -> new dev.tandem.events.MetricValue(
                        metric.ranking(),
                        metric.name(),
                        metric.querySet(),
                        metric.slice(),
                        metric.queries(),
                        metric.value(),
                        metric.low(),
                        metric.high()))
                .toList();
    }

    private static MetricDelta delta(dev.tandem.events.MetricDelta event) {
        return new MetricDelta(
                event.getRanking(),
                event.getName(),
                event.getDelta(),
                event.getLow(),
                event.getHigh(),
                event.getPValue(),
                event.getAdjustedPValue(),
                event.getWins(),
                event.getTies(),
                event.getLosses(),
                event.getSlice());
    }

    private static dev.tandem.events.MetricDelta event(MetricDelta delta) {
        return new dev.tandem.events.MetricDelta(
                delta.ranking(),
                delta.name(),
                delta.delta(),
                delta.low(),
                delta.high(),
                delta.pValue(),
                delta.adjustedPValue(),
                delta.wins(),
                delta.ties(),
                delta.losses(),
                delta.slice());
    }

    private static void requireKey(String key, String id) {
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw new IllegalArgumentException(
                    "Expected an id of 1 to %d characters, got %d".formatted(LONGEST_ID, id.length()));
        }
        if (!id.equals(key)) {
            throw new IllegalArgumentException(
                    "Expected the event of %s under that key, got it under %s".formatted(id, key));
        }
    }
}
