package dev.tandem.miner;

import dev.tandem.events.Judgement;
import dev.tandem.events.Label;
import dev.tandem.events.LabelSource;
import dev.tandem.events.LabelledQuery;
import dev.tandem.events.QueryHeldOut;
import dev.tandem.miner.label.ClickEvidence;
import dev.tandem.miner.label.LabelDecision;
import dev.tandem.miner.state.ClickedPassage;
import dev.tandem.miner.state.JudgedPassage;
import dev.tandem.miner.state.QueryFeedback;
import dev.tandem.miner.state.QueryState;
import dev.tandem.miner.state.StatedUse;
import dev.tandem.retrieval.QueryKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How feedback adds up to the labels of one query text; pure functions from state to state and from state to events. */
final class QueryLabels {
    private QueryLabels() {}

    /** The state with a recording or a click in it; per passage the newest judgement wins, evidence is given. */
    static QueryState merge(QueryState before, QueryFeedback feedback, Map<String, ClickEvidence> evidence) {
        if (before == null) {
            before = new QueryState(
                    feedback.getQueryId(), feedback.getText(), StatedUse.BY_HASH, Long.MIN_VALUE, List.of(), List.of());
        }
        boolean carries = !feedback.getJudged().isEmpty() || feedback.getClick() != null;
        boolean isNewest = carries && feedback.getAt() >= before.getFreshestAt();
        Map<String, JudgedPassage> judged = new TreeMap<>();
        before.getJudged().forEach(judgement -> judged.put(judgement.getPassageId(), judgement));
        feedback.getJudged()
                .forEach(judgement -> judged.merge(
                        judgement.getPassageId(), judgement, (old, now) -> now.getAt() >= old.getAt() ? now : old));
        return new QueryState(
                isNewest ? feedback.getQueryId() : before.getQueryId(),
                isNewest ? feedback.getText() : before.getText(),
                stricter(before.getUse(), feedback.getUse()),
                isNewest ? feedback.getAt() : before.getFreshestAt(),
                List.copyOf(judged.values()),
                clicked(evidence));
    }

    /** Evidence from clicks in a state, by passage. */
    static Map<String, ClickEvidence> evidence(QueryState state) {
        Map<String, ClickEvidence> evidence = new TreeMap<>();
        if (state != null) {
            state.getClicked()
                    .forEach(clicked -> evidence.put(
                            clicked.getPassageId(),
                            new ClickEvidence(clicked.getUsers(), clicked.getSatisfiedUsers(), clicked.getShownAt())));
        }
        return evidence;
    }

    /**
     * Every label of a query text, judged ones first. Where there is none: nothing, or no label at all for a text that is to be
     * mined all the same; what is held out is never.
     *
     * @param evidence of the state, by passage
     */
    static Optional<LabelledQuery> labelled(
            QueryKey key, QueryState state, Map<String, ClickEvidence> evidence, LabelRules rules) {
        if (state == null) {
            return Optional.empty();
        }
        List<Label> labels = new ArrayList<>();
        state.getJudged()
                .forEach(judgement ->
                        labels.add(new Label(judgement.getPassageId(), judgement.getGrade(), LabelSource.JUDGED)));
        evidence.forEach((passageId, ofPassage) -> {
            if (rules.policy().decide(ofPassage) == LabelDecision.POSITIVE) {
                labels.add(new Label(passageId, 1, LabelSource.CLICKS));
            }
        });
        boolean heldOut = isHeldOut(key, state, rules);
        if (labels.isEmpty() && (heldOut || !key.isMinedUnlabelled(rules.unlabelledShare()))) {
            return Optional.empty();
        }
        return Optional.of(new LabelledQuery(
                key.value(),
                state.getQueryId(),
                state.getText(),
                labels,
                heldOut,
                Instant.ofEpochMilli(Math.max(0, state.getFreshestAt()))));
    }

    /** Whether a query text must never be trained on: somebody said so, or nobody said anything and its hash does. */
    static boolean isHeldOut(QueryKey key, QueryState state, LabelRules rules) {
        return state.getUse() == StatedUse.HELD_OUT
                || (state.getUse() == StatedUse.BY_HASH && key.isHeldOut(rules.heldOutShare()));
    }

    /**
     * What the evaluator scores on: the judgements where any passage was judged relevant, else what clicks say.
     *
     * @return null where no passage is relevant: there is nothing to find
     */
    static QueryHeldOut heldOut(LabelledQuery labelled) {
        boolean isJudged = labelled.getLabels().stream()
                .anyMatch(label -> label.getSource() == LabelSource.JUDGED && label.getGrade() >= 1);
        LabelSource source = isJudged ? LabelSource.JUDGED : LabelSource.CLICKS;
        Map<String, Integer> grades = new LinkedHashMap<>();
        labelled.getLabels().stream()
                .filter(label -> label.getSource() == source)
                .forEach(label -> grades.put(label.getPassageId(), label.getGrade()));
        labelled.getLabels().stream() // a passage somebody judged is not made relevant by clicks
                .filter(label -> !isJudged && label.getSource() == LabelSource.JUDGED)
                .forEach(label -> grades.put(label.getPassageId(), label.getGrade()));
        if (grades.values().stream().noneMatch(grade -> grade >= 1)) {
            return null;
        }
        List<Judgement> judgements = grades.entrySet().stream()
                .map(grade -> new Judgement(grade.getKey(), grade.getValue()))
                .toList();
        return new QueryHeldOut(
                labelled.getQueryKey(),
                labelled.getQueryId(),
                labelled.getText(),
                judgements,
                source,
                labelled.getFreshestFeedbackAt());
    }

    /** Held out once, held out for ever: what has been trained on can be forgotten, the reverse cannot. */
    private static StatedUse stricter(StatedUse before, StatedUse now) {
        if (before == StatedUse.HELD_OUT || now == StatedUse.HELD_OUT) {
            return StatedUse.HELD_OUT;
        }
        return before == StatedUse.TRAIN || now == StatedUse.TRAIN ? StatedUse.TRAIN : StatedUse.BY_HASH;
    }

    private static List<ClickedPassage> clicked(Map<String, ClickEvidence> evidence) {
        return evidence.entrySet().stream()
                .map(entry -> new ClickedPassage(
                        entry.getKey(),
                        entry.getValue().users(),
                        entry.getValue().satisfiedUsers(),
                        entry.getValue().shownAt()))
                .toList();
    }
}
