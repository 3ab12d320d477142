package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.Judgement;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.events.Topics;
import dev.tandem.miner.simulation.UserModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Events of simulated users in the order in which they arrive, the same for the same seed: impressions of ten passages, the
 * clicks on them, judgements; and of every trouble a few, as {@link Trouble} says. No two events have the same time.
 */
final class SimulatedFeedback {
    /** Passages that could be shown for a text. */
    static final int PASSAGES = 20;

    private static final int SHOWN = 10;
    private static final Instant BEGIN = Instant.parse("2025-03-01T12:00:00Z");
    private static final Duration TOO_LATE = Duration.ofMinutes(40);

    /** What goes wrong, each in one visit of a hundred. */
    private enum Trouble {
        CLICK_SENT_TWICE,
        IMPRESSION_SENT_TWICE,
        CLICK_BEFORE_IMPRESSION,
        CLICK_TOO_LATE,
        CLICK_WITHOUT_IMPRESSION,
        CLICK_ON_WHAT_WAS_NOT_SHOWN,
        POISON_QUERY,
        POISON_CLICK,
        MACHINE
    }

    private record Arrival(long at, long number, ProducerRecord<byte[], byte[]> event) {}

    private final Topics topics = new Topics();
    private final UserModel users = UserModel.usual();
    private final PriorityQueue<Arrival> arriving =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::at).thenComparingLong(Arrival::number));
    private final Set<Long> times = new HashSet<>();
    private final Random random;
    private final int texts;
    private final long millisBetweenVisits;
    private long now = BEGIN.toEpochMilli();
    private long numbers;
    private Arrival newest;

    /**
     * Users that have asked nothing yet.
     *
     * @param texts that they ask, some far more often than others
     * @param betweenVisits event time from one visit to the next
     */
    SimulatedFeedback(long seed, int texts, Duration betweenVisits) {
        this.random = new Random(seed);
        this.texts = texts;
        this.millisBetweenVisits = betweenVisits.toMillis();
    }

    static String text(int number) {
        return "how is thing %d taken apart".formatted(number);
    }

    static String passageId(int text, int passage) {
        return "p%d-%d".formatted(text, passage);
    }

    /** The next events. */
    List<ProducerRecord<byte[], byte[]>> next(int count) {
        List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>(count);
        while (events.size() < count) {
            while (arriving.isEmpty() || arriving.peek().at() > now) {
                now += millisBetweenVisits;
                visit();
            }
            events.add(arriving.poll().event());
        }
        return events;
    }

    /** What is still under way, and then, hours later, one impression in each of many: nothing waits for a click any more. */
    List<ProducerRecord<byte[], byte[]>> rest() {
        List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>();
        while (!arriving.isEmpty()) {
            Arrival arrival = arriving.poll();
            now = Math.max(now, arrival.at());
            events.add(arrival.event());
        }
        now += Duration.ofHours(3).toMillis();
        for (int i = 0; i < 20; i++) {
            impression("last-" + i, "nobody clicks " + i, List.of("p0-0"), null, 0);
        }
        arriving.forEach(arrival -> events.add(arrival.event()));
        return events;
    }

    private void visit() {
        int drawn = random.nextInt(100);
        Trouble trouble = drawn < Trouble.values().length ? Trouble.values()[drawn] : null;
        int text = (int) (texts * random.nextDouble() * random.nextDouble());
        if (random.nextInt(20) == 0) {
            judgement(text);
            return;
        }
        String id = "q" + numbers++;
        String user = "user" + id;
        List<String> shown = shown(text);
        impression(id, text(text), shown, user, trouble == Trouble.CLICK_BEFORE_IMPRESSION ? 90_000 : 0);
        if (trouble == Trouble.IMPRESSION_SENT_TWICE) {
            again(newest);
        }
        clicks(trouble, id, text, user, shown);
        poison(trouble, id);
    }

    private void clicks(Trouble trouble, String id, int text, String user, List<String> shown) {
        if (trouble == Trouble.MACHINE) {
            for (int rank = 1; rank <= SHOWN; rank++) {
                click(id, shown.get(rank - 1), rank, 40_000, user, rank * 1_000L);
            }
            return;
        }
        long after = 2_000;
        for (UserModel.Click click : users.clicks(shown, passage -> isRelevant(text, passage), random)) {
            after += 1_000 + random.nextInt(20_000);
            click(id, click.passageId(), click.rank(), click.dwell().toMillis(), user, after);
            if (trouble == Trouble.CLICK_SENT_TWICE) {
                again(newest);
            }
        }
        if (trouble == Trouble.CLICK_TOO_LATE) {
            click(id, shown.get(0), 1, 40_000, user, TOO_LATE.toMillis());
        } else if (trouble == Trouble.CLICK_WITHOUT_IMPRESSION) {
            click("never-" + id, shown.get(0), 1, 40_000, user, 1_000);
        } else if (trouble == Trouble.CLICK_ON_WHAT_WAS_NOT_SHOWN) {
            click(id, "not-shown", 1, 40_000, user, 1_000);
        }
    }

    private void poison(Trouble trouble, String id) {
        if (trouble == Trouble.POISON_QUERY || trouble == Trouble.POISON_CLICK) {
            String topic = (trouble == Trouble.POISON_QUERY ? topics.queries() : topics.clicks()).name();
            arrive(now, new ProducerRecord<>(topic, id.getBytes(UTF_8), "{}".getBytes(UTF_8)));
        }
    }

    private void judgement(int text) {
        String id = "j" + numbers++;
        QueryRecorded query = new QueryRecorded(
                id,
                text(text),
                Instant.ofEpochMilli(unlike(now)),
                List.of(new Judgement(passageId(text, random.nextInt(PASSAGES)), random.nextInt(2))),
                List.of(),
                null,
                null,
                QueryUse.BY_HASH);
        arrive(
                now,
                new ProducerRecord<>(
                        topics.queries().name(),
                        id.getBytes(UTF_8),
                        topics.queries().write(query)));
    }

    private void impression(String id, String text, List<String> shown, String user, long delay) {
        QueryRecorded query = new QueryRecorded(
                id, text, Instant.ofEpochMilli(unlike(now)), List.of(), shown, "bm25", user, QueryUse.BY_HASH);
        byte[] value = topics.queries().write(query);
        arrive(now + delay, new ProducerRecord<>(topics.queries().name(), id.getBytes(UTF_8), value));
    }

    private void click(String queryId, String passageId, int rank, long dwell, String user, long after) {
        String eventId = "c%09d".formatted(numbers);
        long at = unlike(now + after);
        ClickRecorded click =
                new ClickRecorded(eventId, queryId, passageId, rank, dwell, user, Instant.ofEpochMilli(at));
        arrive(
                at,
                new ProducerRecord<>(
                        topics.clicks().name(),
                        queryId.getBytes(UTF_8),
                        topics.clicks().write(click)));
    }

    private void again(Arrival first) {
        arrive(first.at() + 1_000 + random.nextInt(60_000), first.event());
    }

    private void arrive(long at, ProducerRecord<byte[], byte[]> event) {
        newest = new Arrival(at, numbers++, event);
        arriving.add(newest);
    }

    private long unlike(long time) {
        long at = time;
        while (!times.add(at)) {
            at++;
        }
        return at;
    }

    private List<String> shown(int text) {
        Random ranking = new Random(text * 2L + random.nextInt(2)); // two rankers take turns
        List<Integer> passages =
                new ArrayList<>(IntStream.range(0, PASSAGES).boxed().toList());
        Collections.shuffle(passages, ranking);
        return passages.subList(0, SHOWN).stream()
                .map(passage -> passageId(text, passage))
                .toList();
    }

    private static boolean isRelevant(int text, String passageId) {
        return passageId.equals(passageId(text, 0)) || passageId.equals(passageId(text, 1));
    }
}
