package dev.tandem.evaluator;

import dev.tandem.evaluator.Models.Entrant;
import dev.tandem.evaluator.history.Decision;
import dev.tandem.evaluator.history.EvaluatedCheckpoint;
import dev.tandem.evaluator.history.EvaluatedPool;
import dev.tandem.evaluator.history.History;
import dev.tandem.evaluator.history.MetricDelta;
import dev.tandem.evaluator.history.MetricValue;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.evaluator.history.SavedCheckpoint;
import dev.tandem.evaluator.metric.Bootstrap;
import dev.tandem.evaluator.metric.Scorecard;
import dev.tandem.evaluator.promotion.Comparison;
import dev.tandem.evaluator.promotion.Contestant;
import dev.tandem.evaluator.promotion.Promoted;
import dev.tandem.evaluator.promotion.PromotionDecision;
import dev.tandem.evaluator.promotion.PromotionRule;
import dev.tandem.evaluator.promotion.Rejected;
import dev.tandem.evaluator.promotion.Standing;
import dev.tandem.evaluator.scoring.Corpus;
import dev.tandem.evaluator.scoring.GateSlices;
import dev.tandem.evaluator.scoring.HeldOutQueries;
import dev.tandem.evaluator.scoring.HeldOutQuery;
import dev.tandem.evaluator.scoring.MeasuredCorpus;
import dev.tandem.evaluator.scoring.Measuring;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Scores one checkpoint on the gate queries beside champion and BM25, and asks the promotion rule. */
final class Judge {
    /** What a checkpoint has come to; {@code entrant} is to be crowned or kept. */
    record Outcome(EvaluatedCheckpoint evaluated, Optional<PromotedCheckpoint> promoted, Entrant entrant) {}

    private static final int UNITS_PER_PAIR = 2;

    private final PromotionRule rule;
    private final Bootstrap bootstrap;
    private final int rerankDepth;
    private final Knowledge knowledge;
    private final Models models;
    private final MeasuredCorpus measured;
    private final Measuring wordsMeasured = new Measuring();
    private final Activity activity;
    private final Clock clock;

    Judge(
            PromotionRule rule,
            int rerankDepth,
            Knowledge knowledge,
            Models models,
            MeasuredCorpus measured,
            Activity activity,
            Clock clock) {
        this.rule = rule;
        this.bootstrap = rule.bootstrap();
        this.rerankDepth = rerankDepth;
        this.knowledge = knowledge;
        this.models = models;
        this.measured = measured;
        this.activity = activity;
        this.clock = clock;
    }

    /**
     * Judges an opened checkpoint; whatever it throws, the caller still owns the entrant.
     *
     * @throws IOException if the champion has to be opened and the store cannot be reached
     */
    Outcome judge(SavedCheckpoint saved, Entrant challenger, Instant begun) throws IOException {
        HeldOutQueries.Snapshot heldOut = knowledge.heldOut().snapshot();
        Optional<PromotedCheckpoint> reigning = knowledge.history().champion();
        Optional<Entrant> ruling = models.champion(reigning);
        Corpus.Snapshot corpus = measured.choose(heldOut, ruling.map(Entrant::model));
        EvaluatedPool pool = pool(corpus);
        activity.expect(work(challenger, corpus, heldOut.gate().size()));

        Contestant contestant = contestant(challenger, corpus, heldOut.gate());
        Optional<Contestant> champion = ruling.map(entrant -> contestant(entrant, corpus, heldOut.gate()));
        PromotionDecision decision = unlessFrozen(rule.decide(contestant, champion, standing(heldOut.gate())));
        boolean promoted = decision instanceof Promoted;

        List<MetricValue> gate = metrics(contestant.scores(), corpus, heldOut.gate(), MetricValue.GATE);
        Optional<PromotedCheckpoint> promotion = promoted
                ? Optional.of(promotion(
                        saved,
                        reason(decision, reigning, pool),
                        reigning,
                        heldOut.gate(),
                        gate,
                        report(challenger, corpus, heldOut.report())))
                : Optional.empty();
        EvaluatedCheckpoint evaluated = new EvaluatedCheckpoint(
                saved.id(),
                champion.map(Contestant::checkpointId).orElse(null),
                saved.step(),
                saved.stage(),
                gate,
                decision.comparisons().stream().map(Judge::delta).toList(),
                promoted ? Decision.PROMOTED : Decision.REJECTED,
                reason(decision, reigning, pool),
                Duration.between(begun, clock.instant()).toMillis() / 1000.0,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                pool);
        return new Outcome(evaluated, promotion, challenger);
    }

    private EvaluatedPool pool(Corpus.Snapshot corpus) {
        return measured.isPool(corpus)
                ? new EvaluatedPool(corpus.passages().size(), measured.corpusSize(), measured.rule())
                : null;
    }

    private Standing standing(List<HeldOutQuery> gate) {
        History history = knowledge.history();
        return new Standing(
                history.tests(), GateSlices.of(gate), Set.copyOf(history.anchor()), history.behindBestOnAnchor());
    }

    private PromotionDecision unlessFrozen(PromotionDecision decision) {
        return decision instanceof Promoted && knowledge.history().isFrozen()
                ? new Rejected(
                        "Promotions are frozen, else it would be promoted. " + decision.reason(),
                        decision.comparisons())
                : decision;
    }

    /** A decision without an evaluation. */
    EvaluatedCheckpoint without(SavedCheckpoint saved, Decision decision, String reason, Instant begun) {
        return new EvaluatedCheckpoint(
                saved.id(),
                knowledge.history().championId(),
                saved.step(),
                saved.stage(),
                List.of(),
                List.of(),
                decision,
                reason,
                Duration.between(begun, clock.instant()).toMillis() / 1000.0,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                null);
    }

    private long work(Entrant challenger, Corpus.Snapshot corpus, int queries) {
        int perQuery = challenger.model().isRerankerTrained() ? UNITS_PER_PAIR * rerankDepth : 1;
        return challenger.model().toEmbed(corpus) + (long) queries * perQuery;
    }

    private Contestant contestant(Entrant entrant, Corpus.Snapshot corpus, List<HeldOutQuery> gate) {
        Scorecard card = entrant.measuring().of(entrant.model(), corpus, gate, rerankDepth, activity);
        return new Contestant(
                entrant.id(),
                entrant.model().isRerankerTrained(),
                card,
                entrant.model().faults());
    }

    /** The report queries of a checkpoint that is already promoted: no decision has seen them. */
    private List<MetricValue> report(Entrant entrant, Corpus.Snapshot corpus, List<HeldOutQuery> report) {
        Scorecard card = entrant.measuring().of(entrant.model(), corpus, report, rerankDepth, activity);
        return metrics(card, corpus, report, MetricValue.REPORT);
    }

    private List<MetricValue> metrics(
            Scorecard model, Corpus.Snapshot corpus, List<HeldOutQuery> queries, String querySet) {
        List<MetricValue> metrics = new ArrayList<>();
        Map<String, Set<String>> slices = GateSlices.of(queries);
        for (Scorecard card : List.of(model, wordsMeasured.of(measured.words(corpus), corpus, queries))) {
            metrics.addAll(MetricValue.of(card, querySet, MetricValue.ALL, bootstrap));
            Scorecard clicks = card.only(slices.get(GateSlices.CLICKS));
            Scorecard judged = card.only(slices.get(GateSlices.JUDGED));
            if (clicks.queries() > 0 && judged.queries() > 0) {
                metrics.addAll(MetricValue.of(clicks, querySet, GateSlices.CLICKS, bootstrap));
                metrics.addAll(MetricValue.of(judged, querySet, GateSlices.JUDGED, bootstrap));
            }
        }
        return metrics;
    }

    private PromotedCheckpoint promotion(
            SavedCheckpoint saved,
            String reason,
            Optional<PromotedCheckpoint> reigning,
            List<HeldOutQuery> queries,
            List<MetricValue> gate,
            List<MetricValue> report) {
        List<MetricValue> metrics = new ArrayList<>(gate);
        metrics.addAll(report);
        return new PromotedCheckpoint(
                saved.id(),
                saved.uri(),
                saved.digest(),
                saved.step(),
                saved.rerankerTrained(),
                reigning.map(PromotedCheckpoint::id).orElse(null),
                metrics,
                reason,
                History.RULE,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                false,
                knowledge.history().anchor().isEmpty() ? GateSlices.anchor(queries) : List.of(),
                null);
    }

    private String reason(PromotionDecision decision, Optional<PromotedCheckpoint> reigning, EvaluatedPool pool) {
        String reason = reason(decision, reigning);
        return pool == null ? reason : reason + " " + pool.words();
    }

    private String reason(PromotionDecision decision, Optional<PromotedCheckpoint> reigning) {
        return reigning.map(PromotedCheckpoint::id)
                .map(id -> models.unavailableReason(id) == null
                        ? decision.reason()
                        : "%s Champion %s cannot be opened: %s"
                                .formatted(decision.reason(), id, models.unavailableReason(id)))
                .orElse(decision.reason());
    }

    private static MetricDelta delta(Comparison comparison) {
        return new MetricDelta(
                comparison.measured().ranking().spec(),
                comparison.measured().metric().spec(),
                comparison.delta(),
                comparison.interval().low(),
                comparison.interval().high(),
                comparison.pValue(),
                comparison.adjustedPValue(),
                comparison.wins(),
                comparison.ties(),
                comparison.losses(),
                comparison.slice());
    }
}
