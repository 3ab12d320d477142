package dev.tandem.miner;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.events.Topics;
import dev.tandem.miner.state.Impression;
import dev.tandem.miner.state.JoinedClick;
import dev.tandem.miner.state.JudgedPassage;
import dev.tandem.miner.state.QueryFeedback;
import dev.tandem.miner.state.Showing;
import dev.tandem.miner.state.StatedUse;
import dev.tandem.retrieval.QueryKey;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Joins clicks with the impressions they refer to, whichever comes first, and hands judgements and impressions on.
 *
 * <p>Both are keyed by query id. A click that comes before its impression waits until the {@link JoinWindow} has passed
 * by the time of the stream, or, where nothing arrives any more, by the clock on the wall.
 */
final class ClickJoin extends ContextualProcessor<String, Verdict, String, Verdict> {
    static final String IMPRESSIONS = "recent-impressions";
    static final String SEEN_CLICKS = "recent-clicks";
    static final String PENDING_CLICKS = "pending-clicks";
    private static final Duration SWEEP = Duration.ofSeconds(10);
    private static final Duration SWEEP_IN_EVENT_TIME = Duration.ofMinutes(1);

    private final Topics topics;
    private final JoinWindow window;
    private final FeedbackCounts counts;
    private RecentImpressions impressions;
    private SeenClicks seenClicks;
    private PendingClicks pendingClicks;
    private FeedbackCounts.Tally tally;
    private long startedAt;

    ClickJoin(Topics topics, JoinWindow window, FeedbackCounts counts) {
        this.topics = topics;
        this.window = window;
        this.counts = counts;
    }

    @Override
    public void init(ProcessorContext<String, Verdict> context) {
        super.init(context);
        impressions = new RecentImpressions(context.getStateStore(IMPRESSIONS), window);
        seenClicks = new SeenClicks(context.getStateStore(SEEN_CLICKS), window);
        pendingClicks = new PendingClicks(
                context.getStateStore(PENDING_CLICKS), topics.clicks().name());
        tally = counts.open(context.taskId(), context.getStateStore(Intake.COUNTS));
        startedAt = context.currentSystemTimeMs();
        context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, this::sweep);
        context.schedule(
                SWEEP_IN_EVENT_TIME, PunctuationType.STREAM_TIME, time -> sweep(context.currentSystemTimeMs()));
    }

    @Override
    public void process(Record<String, Verdict> record) {
        Verdict verdict = record.value();
        if (verdict instanceof Verdict.Recorded recorded) {
            recorded(record, recorded.query());
        } else if (verdict instanceof Verdict.Clicked clicked) {
            clicked(record, clicked);
        } else {
            context().forward(record);
        }
    }

    private void recorded(Record<String, Verdict> record, QueryRecorded query) {
        Showing showing = query.getShown().isEmpty() ? null : shown(query);
        if (!query.getJudgements().isEmpty() || query.getUse() != QueryUse.BY_HASH || showing != null) {
            learn(record, recordedFeedback(query, showing));
        }
        if (!query.getShown().isEmpty()) {
            for (PendingClicks.Waiting waiting : pendingClicks.waitingFor(query.getId())) {
                ClickRecorded click = topics.clicks().read(waiting.origin().value());
                if (settles(record, new Verdict.Clicked(click, waiting.origin()))) {
                    pendingClicks.remove(waiting);
                }
            }
        }
    }

    /** Remembers an impression. What it adds to the evidence; null where it was counted before, or can take no click any more. */
    private Showing shown(QueryRecorded query) {
        long recordedAt = query.getRecordedAt().toEpochMilli();
        boolean isNew = impressions.add(
                query.getId(), new Impression(query.getText(), use(query.getUse()), recordedAt, query.getShown()));
        if (!window.isOpen(recordedAt, context().currentStreamTimeMs())) {
            tally.add(FeedbackCounts.LATE_IMPRESSION);
            return null;
        }
        if (!isNew) {
            tally.add(FeedbackCounts.REPEATED_IMPRESSION);
            return null;
        }
        tally.add(FeedbackCounts.IMPRESSION);
        List<String> shown = query.getShown();
        String user = query.getUser() == null || query.getUser().isBlank() ? null : query.getUser();
        return new Showing(user, shown.subList(0, Math.min(shown.size(), Audience.MOST_RANKS)));
    }

    private void clicked(Record<String, Verdict> record, Verdict.Clicked clicked) {
        ClickRecorded click = clicked.click();
        boolean isNew = seenClicks.add(click.getEventId(), click.getClickedAt().toEpochMilli());
        if (!isNew
                || (!settles(record, clicked)
                        && !pendingClicks.put(clicked, context().currentSystemTimeMs()))) {
            tally.add(FeedbackCounts.DUPLICATE);
        }
    }

    /** Joins a click with the newest impression it can refer to; false when it has to wait for one. */
    private boolean settles(Record<String, Verdict> record, Verdict.Clicked clicked) {
        ClickRecorded click = clicked.click();
        long clickedAt = click.getClickedAt().toEpochMilli();
        Impression impression =
                impressions.newest(click.getQueryId(), clickedAt).orElse(null);
        if (impression == null && context().currentStreamTimeMs() <= window.lastChance(clickedAt)) {
            return false;
        }
        if (impression == null) {
            refuse(
                    record,
                    clicked.origin(),
                    FeedbackCounts.LATE,
                    "it arrived after every impression of its time closed");
        } else if (!window.joins(impression.getRecordedAt(), clickedAt)
                || !window.isOpen(impression.getRecordedAt(), context().currentStreamTimeMs())) {
            refuse(
                    record,
                    clicked.origin(),
                    FeedbackCounts.LATE,
                    "query %s was shown at %s; clicks are taken for %s, and %s longer when they arrive late"
                            .formatted(
                                    click.getQueryId(),
                                    java.time.Instant.ofEpochMilli(impression.getRecordedAt()),
                                    window.length(),
                                    window.grace()));
        } else if (!impression.getShown().contains(click.getPassageId())) {
            refuse(
                    record,
                    clicked.origin(),
                    FeedbackCounts.NOT_SHOWN,
                    "passage %s is not among those shown for query %s"
                            .formatted(click.getPassageId(), click.getQueryId()));
        } else {
            learn(record, clickedFeedback(click, impression));
        }
        return true;
    }

    private void sweep(long wallTime) {
        long streamTime = context().currentStreamTimeMs();
        long patience = window.length().plus(window.grace()).toMillis();
        List<PendingClicks.Waiting> given = pendingClicks.all(click -> {
            boolean isOver = streamTime > window.lastChance(click.getClickedAt());
            boolean isIdle = wallTime > Math.max(startedAt, click.getArrivedAt()) + patience;
            return isOver || isIdle;
        });
        for (PendingClicks.Waiting waiting : given) {
            pendingClicks.remove(waiting);
            Record<String, Verdict> record = new Record<>(waiting.queryId(), null, Math.max(0, streamTime));
            refuse(
                    record,
                    waiting.origin(),
                    FeedbackCounts.ORPHAN,
                    "no impression of query %s came within %s and a grace of %s"
                            .formatted(waiting.queryId(), window.length(), window.grace()));
        }
    }

    private void learn(Record<String, Verdict> record, QueryFeedback feedback) {
        String queryKey = QueryKey.of(feedback.getText()).value();
        context().forward(record.withKey(queryKey).withValue(new Verdict.Learned(feedback)));
    }

    private void refuse(
            Record<String, Verdict> record, ConsumerRecord<byte[], byte[]> origin, String fate, String reason) {
        tally.add(fate);
        String sentence = "Click refused (%s): %s".formatted(fate, reason);
        context().forward(record.withValue(new Verdict.Refused(DeadLetters.of(origin, "miner", sentence))));
    }

    private static QueryFeedback recordedFeedback(QueryRecorded query, Showing showing) {
        long at = query.getRecordedAt().toEpochMilli();
        List<JudgedPassage> judged = query.getJudgements().stream()
                .map(judgement -> new JudgedPassage(judgement.getPassageId(), judgement.getGrade(), at))
                .toList();
        return new QueryFeedback(query.getId(), query.getText(), use(query.getUse()), at, judged, null, showing);
    }

    private static QueryFeedback clickedFeedback(ClickRecorded click, Impression impression) {
        int rank = impression.getShown().indexOf(click.getPassageId()) + 1;
        return new QueryFeedback(
                click.getQueryId(),
                impression.getText(),
                impression.getUse(),
                click.getClickedAt().toEpochMilli(),
                List.of(),
                new JoinedClick(click.getPassageId(), click.getUser(), click.getDwellMillis(), rank),
                null);
    }

    private static StatedUse use(QueryUse use) {
        return StatedUse.valueOf(use.name());
    }
}
