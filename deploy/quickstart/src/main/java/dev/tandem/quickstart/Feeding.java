package dev.tandem.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.miner.simulation.UserModel;
import dev.tandem.quickstart.clicks.ClickSimulation;
import dev.tandem.quickstart.clicks.ClickSimulation.Answer;
import dev.tandem.quickstart.corpus.Corpus;
import dev.tandem.quickstart.corpus.JudgedQuery;
import dev.tandem.quickstart.feed.EventFeed;
import dev.tandem.quickstart.feed.JudgedQueries;
import dev.tandem.quickstart.ring.Ring;
import dev.tandem.quickstart.ring.Service;
import dev.tandem.quickstart.ring.Settings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Gives the ring what a team would: passages, labelled queries, and users who ask and click. */
final class Feeding implements AutoCloseable {
    private static final Duration TO_INDEX = Duration.ofMinutes(5);
    private static final long BETWEEN_LOOKS_MILLIS = 200;
    private static final int SHOWN = 10;
    /** Clicks end early enough to be learned from. */
    private static final double SHARE_OF_TIME = 0.6;

    private final Ring ring;
    private final Settings settings;
    private final long seed;
    private final Screen screen;
    private final EventFeed feed;
    private List<JudgedQuery> unjudged = List.of();
    private Optional<ClickSimulation> simulation = Optional.empty();
    private Thread users = new Thread(() -> {});

    Feeding(Ring ring, Settings settings, long seed, Screen screen) {
        this.ring = ring;
        this.settings = settings;
        this.seed = seed;
        this.screen = screen;
        this.feed = new EventFeed(ring.kafka());
    }

    /** Publishes the passages, waits until they can be searched, then sends the labelled queries. */
    void feed(Corpus corpus) throws InterruptedException {
        corpus.passages().forEach(feed::publish);
        feed.flush();
        awaitIndexed(corpus.passages().size());
        List<JudgedQuery> train = new ArrayList<>(corpus.train());
        Collections.shuffle(train, new Random(seed));
        int withheld = (int) (train.size() * settings.decimal("quickstart.unjudged-share"));
        unjudged = List.copyOf(train.subList(0, withheld));
        corpus.heldOut().forEach(query -> feed.record(judged(query, QueryUse.HELD_OUT)));
        train.subList(withheld, train.size()).forEach(query -> feed.record(judged(query, QueryUse.TRAIN)));
        feed.flush();
        screen.say("%,d labelled queries sent; %,d more come from simulated users, without judgements"
                .formatted(corpus.heldOut().size() + train.size() - withheld, withheld));
    }

    private void awaitIndexed(int passages) throws InterruptedException {
        long deadline = System.nanoTime() + TO_INDEX.toNanos();
        while (indexed(Service.MINER) < passages || indexed(Service.EVALUATOR) < passages) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Expected %,d passages to be indexed within %d s; the miner has %,d, the evaluator %,d. See %s."
                                .formatted(
                                        passages,
                                        TO_INDEX.toSeconds(),
                                        indexed(Service.MINER),
                                        indexed(Service.EVALUATOR),
                                        ring.logs()));
            }
            screen.progress("indexing passages: miner %,d, evaluator %,d of %,d"
                    .formatted(indexed(Service.MINER), indexed(Service.EVALUATOR), passages));
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        }
    }

    private long indexed(Service service) {
        return ring.service(service)
                .progress()
                .map(progress -> progress.path("passages").asLong())
                .orElse(0L);
    }

    private static QueryRecorded judged(JudgedQuery query, QueryUse use) {
        return JudgedQueries.event(query, use, Clock.systemUTC().instant());
    }

    /** Lets simulated users ask the withheld queries, evenly spread over time, on a thread of its own. */
    void startClicks(Duration runTime) {
        if (unjudged.isEmpty()) {
            return;
        }
        ClickSimulation started = new ClickSimulation(
                UserModel.usual(),
                unjudged,
                settings.number("quickstart.users-per-query"),
                this::search,
                feed,
                Clock.systemUTC(),
                seed);
        simulation = Optional.of(started);
        double seconds = Math.min(settings.number("quickstart.seconds-of-clicks"), SHARE_OF_TIME * runTime.toSeconds());
        long pauseMillis = Math.round(1000 * seconds / unjudged.size());
        users = new Thread(() -> simulate(started, pauseMillis), "simulated-users");
        users.setDaemon(true);
        users.start();
    }

    private static void simulate(ClickSimulation simulation, long pauseMillis) {
        try {
            while (!simulation.isOver()) {
                long next = System.nanoTime() + pauseMillis * 1_000_000;
                simulation.next();
                Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Answer> search(String text) {
        String path = "/api/search?k=%d&q=%s".formatted(SHOWN, URLEncoder.encode(text, StandardCharsets.UTF_8));
        return ring.service(Service.EVALUATOR).get(path).map(answer -> {
            List<String> shown = new ArrayList<>();
            for (JsonNode hit : answer.path("hits")) {
                shown.add(hit.path("passageId").asText());
            }
            return new Answer(answer.path("servedBy").asText(), shown);
        });
    }

    long impressions() {
        return simulation.map(ClickSimulation::impressions).orElse(0L);
    }

    long clicks() {
        return simulation.map(ClickSimulation::clicks).orElse(0L);
    }

    @Override
    public void close() {
        users.interrupt();
        feed.close();
    }
}
