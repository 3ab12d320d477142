package dev.tandem.quickstart.clicks;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.miner.simulation.UserModel;
import dev.tandem.quickstart.corpus.JudgedQuery;
import dev.tandem.quickstart.feed.EventFeed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Users who ask the running system queries that nobody has judged, and click on what it shows. Their judgements are known
 * here, but only their clicks are sent. What is simulated is the user; the ranking, the impressions and the clicks on the
 * topics are real.
 */
public final class ClickSimulation {
    private static final int USERS = 500;
    /** Asked and clicked a moment ago; how long they stay is told without waiting for it. */
    private static final Duration AGO = Duration.ofSeconds(5);

    /**
     * What the running system shows for a query.
     *
     * @param servedBy checkpoint id, or bm25
     * @param passageIds in rank order
     */
    public record Answer(String servedBy, List<String> passageIds) {}

    private final UserModel model;
    private final Function<String, Optional<Answer>> search;
    private final EventFeed feed;
    private final Clock clock;
    private final Random random;
    private final int usersPerQuery;
    private final Deque<JudgedQuery> waiting;
    private final AtomicLong impressions = new AtomicLong();
    private final AtomicLong clicks = new AtomicLong();

    /**
     * @param queries nobody has judged them in public
     * @param usersPerQuery how many different users ask each
     * @param search the running system; empty when it does not answer
     */
    public ClickSimulation(
            UserModel model,
            List<JudgedQuery> queries,
            int usersPerQuery,
            Function<String, Optional<Answer>> search,
            EventFeed feed,
            Clock clock,
            long seed) {
        this.model = model;
        this.waiting = new ArrayDeque<>(queries);
        this.usersPerQuery = usersPerQuery;
        this.search = search;
        this.feed = feed;
        this.clock = clock;
        this.random = new Random(seed);
    }

    /** Whether every query has been asked. */
    public boolean isOver() {
        return waiting.isEmpty();
    }

    /** Impressions sent. */
    public long impressions() {
        return impressions.get();
    }

    /** Clicks sent. */
    public long clicks() {
        return clicks.get();
    }

    /** Lets all users of the next query ask it; it waits its turn again if the system does not answer. */
    public void next() {
        JudgedQuery query = waiting.removeFirst();
        Optional<Answer> answer = search.apply(query.text());
        if (answer.isEmpty()) {
            waiting.addLast(query);
            return;
        }
        for (int user : users()) {
            ask(query, answer.get(), "simulated-" + user);
        }
    }

    private List<Integer> users() {
        List<Integer> users = new ArrayList<>();
        while (users.size() < usersPerQuery) {
            int user = random.nextInt(USERS);
            if (!users.contains(user)) {
                users.add(user);
            }
        }
        return users;
    }

    private void ask(JudgedQuery query, Answer answer, String user) {
        Instant asked = clock.instant().minus(AGO);
        String impression = "%s-%s-%d".formatted(query.id(), user, asked.toEpochMilli());
        feed.record(QueryRecorded.newBuilder()
                .setId(impression)
                .setText(query.text())
                .setRecordedAt(asked)
                .setJudgements(List.of())
                .setShown(answer.passageIds())
                .setServedBy(answer.servedBy())
                .setUser(user)
                .setUse(QueryUse.TRAIN)
                .build());
        impressions.incrementAndGet();
        for (UserModel.Click click :
                model.clicks(answer.passageIds(), id -> query.grades().getOrDefault(id, 0) > 0, random)) {
            feed.record(ClickRecorded.newBuilder()
                    .setEventId("%s-%d".formatted(impression, click.rank()))
                    .setQueryId(impression)
                    .setPassageId(click.passageId())
                    .setRank(click.rank())
                    .setDwellMillis(click.dwell().toMillis())
                    .setUser(user)
                    .setClickedAt(asked.plusMillis(100L * click.rank()))
                    .build());
            clicks.incrementAndGet();
        }
    }
}
