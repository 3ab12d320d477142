package dev.tandem.quickstart.drill;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.Judgement;
import dev.tandem.events.KafkaSettings;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.miner.simulation.UserModel;
import dev.tandem.quickstart.corpus.Corpus;
import dev.tandem.quickstart.feed.EventFeed;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.QueryKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What a team sends all day, on a thread of its own: users who see and click, a new judged query every two seconds, a new
 * passage every ten, some events twice, some clicks on nothing, and {@link Poison}.
 */
final class Traffic implements AutoCloseable {
    private static final long TICK_MILLIS = 250;
    private static final int TICKS_TO_JUDGEMENT = 8;
    private static final int TICKS_TO_PASSAGE = 40;
    private static final int SHOWN = 10;
    private static final int USERS = 500;
    private static final int ONE_IN_HELD_OUT = 10;
    private static final double TWICE = 0.05;
    private static final double ON_NOTHING = 0.02;

    private final Ledger ledger;
    private final EventFeed feed;
    private final Poison poison;
    private final Clock clock;
    private final Random random;
    private final List<Passage> passages;
    private final Thread thread = new Thread(this::run, "traffic");
    private long ticks;
    private volatile boolean stopping;

    /** Traffic that has not begun. */
    Traffic(KafkaSettings kafka, Corpus corpus, Books books, Ledger ledger, Clock clock, long seed) {
        this.ledger = ledger;
        this.feed = new EventFeed(kafka, (record, where) -> ledger.taken(record.key(), where), ledger::failed);
        this.poison = new Poison(kafka, books, ledger, seed);
        this.clock = clock;
        this.random = new Random(seed);
        this.passages = new ArrayList<>(corpus.passages());
        thread.setDaemon(true);
    }

    /** Sends the corpus and its judged queries, then begins. */
    void start(Corpus corpus) {
        corpus.passages().forEach(feed::publish);
        corpus.heldOut()
                .forEach(query -> query.grades()
                        .forEach((passage, grade) ->
                                judge(query.id(), query.text(), passage, QueryUse.HELD_OUT, clock.instant())));
        corpus.train()
                .forEach(query -> query.grades()
                        .forEach((passage, grade) ->
                                judge(query.id(), query.text(), passage, QueryUse.TRAIN, clock.instant())));
        thread.start();
    }

    private void run() {
        try {
            while (!stopping) {
                tick();
                Thread.sleep(TICK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tick() {
        ticks++;
        Passage wanted = passages.get(random.nextInt(passages.size()));
        visit("visit-" + ticks, wanted, clock.instant());
        if (ticks % TICKS_TO_PASSAGE == 0) {
            Passage published = new Passage("new-" + ticks, wanted.title(), shuffled(wanted));
            feed.publish(published);
            passages.add(published);
        }
        if (ticks % TICKS_TO_JUDGEMENT == 0) {
            boolean isHeldOut = ticks / TICKS_TO_JUDGEMENT % ONE_IN_HELD_OUT == 0;
            String text = question(wanted) + " " + ticks;
            judge(
                    "judged-" + ticks,
                    text,
                    wanted.id(),
                    isHeldOut ? QueryUse.HELD_OUT : QueryUse.TRAIN,
                    clock.instant());
        }
        poison.keepShare();
    }

    private void judge(String id, String text, String passage, QueryUse use, Instant at) {
        ledger.judges(id, new Ledger.Judged(QueryKey.of(text).value(), passage, use == QueryUse.HELD_OUT));
        feed.record(QueryRecorded.newBuilder()
                .setId(id)
                .setText(text)
                .setRecordedAt(at)
                .setJudgements(List.of(new Judgement(passage, 1)))
                .setUse(use)
                .build());
    }

    /** A user looks for a passage, sees ten, and clicks some. */
    private void visit(String id, Passage wanted, Instant at) {
        List<String> shown = new ArrayList<>(List.of(wanted.id()));
        while (shown.size() < SHOWN) {
            String other = passages.get(random.nextInt(passages.size())).id();
            if (!shown.contains(other)) {
                shown.add(random.nextInt(shown.size() + 1), other);
            }
        }
        String user = "user-" + random.nextInt(USERS);
        feed.record(QueryRecorded.newBuilder()
                .setId(id)
                .setText(wanted.title() + " " + wanted.id())
                .setRecordedAt(at)
                .setShown(shown)
                .setUser(user)
                .setUse(QueryUse.TRAIN)
                .build());
        for (UserModel.Click click : UserModel.usual().clicks(shown, wanted.id()::equals, random)) {
            String onto = random.nextDouble() < ON_NOTHING ? id + "-nothing" : id;
            click("%s-%d".formatted(id, click.rank()), onto, click, user, at);
            if (random.nextDouble() < TWICE) {
                click("%s-%d".formatted(id, click.rank()), onto, click, user, at);
            }
        }
    }

    private void click(String id, String query, UserModel.Click click, String user, Instant at) {
        feed.record(ClickRecorded.newBuilder()
                .setEventId(id)
                .setQueryId(query)
                .setPassageId(click.passageId())
                .setRank(click.rank())
                .setDwellMillis(click.dwell().toMillis())
                .setUser(user)
                .setClickedAt(at.plusMillis(100L * click.rank()))
                .build());
    }

    /** Senders whose clocks are wrong: three days ahead, which is refused, two hours behind, and half a minute ahead. */
    void sendWithWrongClocks(String name) {
        Passage wanted = passages.get(0);
        Instant now = clock.instant();
        ledger.poisons(name + "-ahead");
        judge(
                name + "-ahead",
                question(wanted) + " " + name,
                wanted.id(),
                QueryUse.TRAIN,
                now.plus(Duration.ofDays(3)));
        judge(
                name + "-behind",
                question(wanted) + " " + name + " behind",
                wanted.id(),
                QueryUse.TRAIN,
                now.minus(Duration.ofHours(2)));
        visit(name + "-late", wanted, now.minus(Duration.ofHours(2)));
        visit(name + "-early", wanted, now.plus(Duration.ofSeconds(30)));
    }

    private String question(Passage passage) {
        return String.join(" ", List.of(shuffled(passage).split(" ")).subList(0, 5));
    }

    private String shuffled(Passage passage) {
        List<String> words = Arrays.asList(passage.text().split(" "));
        Collections.shuffle(words, random);
        return String.join(" ", words);
    }

    /** Sends nothing more, and waits until the broker has taken what was sent. */
    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        feed.close();
        poison.close();
    }
}
