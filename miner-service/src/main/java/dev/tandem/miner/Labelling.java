package dev.tandem.miner;

import dev.tandem.events.LabelledQuery;
import dev.tandem.miner.label.ClickEvidence;
import dev.tandem.miner.state.QueryFeedback;
import dev.tandem.miner.state.QueryState;
import dev.tandem.retrieval.QueryKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Adds feedback up per query text, and says so on whenever the labels have changed. */
final class Labelling extends ContextualProcessor<String, QueryFeedback, String, LabelledQuery> {
    static final String LABELS = "labels";
    static final String VIEWERS = "viewers";
    static final String CLICK_COUNTS = "click-counts";

    private final LabelRules rules;
    private final FeedbackCounts counts;
    private KeyValueStore<String, QueryState> states;
    private Audience audience;
    private FeedbackCounts.Tally tally;

    Labelling(LabelRules rules, FeedbackCounts counts) {
        this.rules = rules;
        this.counts = counts;
    }

    @Override
    public void init(ProcessorContext<String, LabelledQuery> context) {
        super.init(context);
        states = context.getStateStore(LABELS);
        audience = new Audience(rules.policy(), context.getStateStore(VIEWERS));
        tally = counts.open(context.taskId(), context.getStateStore(CLICK_COUNTS));
    }

    @Override
    public void process(Record<String, QueryFeedback> record) {
        QueryFeedback feedback = record.value();
        QueryState before = states.get(record.key());
        Map<String, ClickEvidence> known = QueryLabels.evidence(before);
        Map<String, ClickEvidence> evidence = new TreeMap<>(known);
        addTo(record.key(), feedback, evidence);
        if (feedback.getClick() != null && evidence.equals(known)) {
            return; // a click that changes nothing
        }
        QueryState after = QueryLabels.merge(before, feedback, evidence);
        states.put(record.key(), after);

        Optional<LabelledQuery> old = labelled(record.key(), before, known);
        Optional<LabelledQuery> now = labelled(record.key(), after, evidence);
        if (now.isPresent() && isNews(old, now.get(), feedback)) {
            context().forward(record.withValue(now.get()));
        } else if (now.isEmpty() && old.isPresent()) {
            context().forward(record.withValue(withdrawn(old.get(), isHeldOut(record.key(), after))));
        }
    }

    @Override
    public void close() {
        tally.close();
    }

    /** More clicks on a passage that is a positive already are no news; a newer judgement is. */
    private static boolean isNews(Optional<LabelledQuery> old, LabelledQuery now, QueryFeedback feedback) {
        return old.isEmpty()
                || !old.get().getLabels().equals(now.getLabels())
                || old.get().getHeldOut() != now.getHeldOut()
                || (!feedback.getJudged().isEmpty()
                        && !old.get().getFreshestFeedbackAt().equals(now.getFreshestFeedbackAt()));
    }

    /** A query whose last label no longer holds, or without a label and now held out: it stays known, its lists are taken back. */
    private static LabelledQuery withdrawn(LabelledQuery old, boolean heldOut) {
        return LabelledQuery.newBuilder(old)
                .setLabels(List.of())
                .setHeldOut(heldOut)
                .build();
    }

    /** Adds what users saw or clicked to the evidence. */
    private void addTo(String queryKey, QueryFeedback feedback, Map<String, ClickEvidence> evidence) {
        if (feedback.getShowing() != null) {
            tally.add(FeedbackCounts.shown(feedback.getShowing().getPassageIds().size()));
            audience.saw(queryKey, feedback.getShowing(), evidence);
        }
        if (feedback.getClick() == null) {
            return;
        }
        String fate = audience.clicked(queryKey, feedback.getClick(), evidence);
        tally.add(fate);
        if (fate.equals(FeedbackCounts.ACCEPTED) && feedback.getClick().getRank() <= FeedbackCounts.RANKS) {
            tally.add(FeedbackCounts.clickedAt(feedback.getClick().getRank()));
        }
    }

    private boolean isHeldOut(String queryKey, QueryState state) {
        return QueryLabels.isHeldOut(new QueryKey(queryKey), state, rules);
    }

    private Optional<LabelledQuery> labelled(String queryKey, QueryState state, Map<String, ClickEvidence> evidence) {
        return QueryLabels.labelled(new QueryKey(queryKey), state, evidence, rules);
    }
}
