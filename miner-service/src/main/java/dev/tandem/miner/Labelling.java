package dev.tandem.miner;

import dev.tandem.events.LabelledQuery;
import dev.tandem.miner.label.ClickEvidence;
import dev.tandem.miner.label.ClickPolicy;
import dev.tandem.miner.state.JoinedClick;
import dev.tandem.miner.state.QueryFeedback;
import dev.tandem.miner.state.QueryState;
import dev.tandem.retrieval.QueryKey;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Adds feedback up per query text, and says so on whenever the labels have changed. */
final class Labelling extends ContextualProcessor<String, QueryFeedback, String, LabelledQuery> {
    static final String LABELS = "labels";
    static final String CLICKERS = "clickers";
    static final String CLICK_COUNTS = "click-counts";

    private final ClickPolicy policy;
    private final double heldOutShare;
    private final FeedbackCounts counts;
    private KeyValueStore<String, QueryState> states;
    private KeyValueStore<String, Boolean> clickers;
    private FeedbackCounts.Tally tally;

    Labelling(ClickPolicy policy, double heldOutShare, FeedbackCounts counts) {
        this.policy = policy;
        this.heldOutShare = heldOutShare;
        this.counts = counts;
    }

    @Override
    public void init(ProcessorContext<String, LabelledQuery> context) {
        super.init(context);
        states = context.getStateStore(LABELS);
        clickers = context.getStateStore(CLICKERS);
        tally = counts.open(context.taskId(), context.getStateStore(CLICK_COUNTS));
    }

    @Override
    public void process(Record<String, QueryFeedback> record) {
        QueryFeedback feedback = record.value();
        QueryState before = states.get(record.key());
        Map<String, ClickEvidence> evidence = QueryLabels.evidence(before);
        if (feedback.getClick() != null && !counts(record.key(), feedback.getClick(), evidence)) {
            return;
        }
        QueryState after = QueryLabels.merge(before, feedback, evidence);
        states.put(record.key(), after);

        Optional<LabelledQuery> old = labelled(record.key(), before);
        Optional<LabelledQuery> now = labelled(record.key(), after);
        if (now.isPresent() && isNews(old, now.get(), feedback)) {
            context().forward(record.withValue(now.get()));
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
                || (feedback.getClick() == null
                        && !old.get().getFreshestFeedbackAt().equals(now.getFreshestFeedbackAt()));
    }

    /** At most one click per user, query text and passage counts; a later one can only make the user satisfied. */
    private boolean counts(String queryKey, JoinedClick click, Map<String, ClickEvidence> evidence) {
        String clicker = queryKey + "\0" + click.getPassageId() + "\0" + click.getUser();
        Boolean wasSatisfied = clickers.get(clicker);
        boolean isSatisfied = policy.isSatisfied(click.getDwellMillis());
        if (wasSatisfied != null && (wasSatisfied || !isSatisfied)) {
            tally.add(FeedbackCounts.REPEATED);
            return false;
        }
        clickers.put(clicker, isSatisfied);
        ClickEvidence so = evidence.getOrDefault(click.getPassageId(), ClickEvidence.NONE);
        evidence.put(
                click.getPassageId(),
                new ClickEvidence(
                        so.users() + (wasSatisfied == null ? 1 : 0), so.satisfiedUsers() + (isSatisfied ? 1 : 0)));
        tally.add(wasSatisfied == null ? FeedbackCounts.ACCEPTED : FeedbackCounts.REPEATED);
        return true;
    }

    private Optional<LabelledQuery> labelled(String queryKey, QueryState state) {
        return QueryLabels.labelled(new QueryKey(queryKey), state, policy, heldOutShare);
    }
}
