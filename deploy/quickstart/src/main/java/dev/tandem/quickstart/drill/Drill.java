package dev.tandem.quickstart.drill;

import dev.tandem.quickstart.Preparation;
import dev.tandem.quickstart.Screen;
import dev.tandem.quickstart.corpus.Corpus;
import dev.tandem.quickstart.corpus.SmallCorpus;
import dev.tandem.quickstart.home.HomeDirectory;
import dev.tandem.quickstart.ring.Ring;
import dev.tandem.quickstart.ring.Service;
import dev.tandem.quickstart.ring.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Starts a ring that turns without end, lets everything happen to it that may happen, and counts what was lost. */
public final class Drill {
    private static final Duration TO_START = Duration.ofMinutes(3);
    private static final int PASSAGES = 360;
    private static final int HELD_OUT = 120;
    /** Status of a program that Ctrl-C has ended. */
    private static final int INTERRUPTED = 130;

    private final DrillOptions options;
    private final Settings settings = Settings.quickstart().drill();
    private final Screen screen;
    private final PrintWriter result;
    private final Clock clock = Clock.systemUTC();
    private final Books books = new Books();
    private final Ledger ledger = new Ledger();
    private final Deaths deaths;
    private volatile boolean stopping;

    /**
     * A drill that has not begun.
     *
     * @param out what happens
     * @param result the JSON line, if asked for
     * @param terminal whether a line of {@code out} can be written over
     */
    public Drill(DrillOptions options, PrintWriter out, PrintWriter result, boolean terminal) {
        this.options = options;
        this.screen = new Screen(out, terminal);
        this.deaths = new Deaths(screen);
        this.result = result;
    }

    /**
     * Runs it all.
     *
     * @return exit status: 0 if nothing was lost and the ring recovered from every fault
     */
    public int run() throws IOException, InterruptedException {
        boolean holds = false;
        try (HomeDirectory home = home();
                StoreVolume store = store(home.checkpoints());
                Ring ring = Ring.cuttable(home.run(), settings, deaths)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(home, store, ring), "stop-all"));
            holds = run(home, store, ring);
            if (!stopping) {
                screen.say("stopping; data, checkpoints and logs of this drill are in " + home.run());
            }
        } catch (IOException | RuntimeException e) {
            if (!stopping) { // Ctrl-C pulls the services from under whatever goes on
                throw e;
            }
        }
        int status = stopping ? INTERRUPTED : holds ? 0 : 1;
        stopping = true; // nothing is left for the shutdown hook to do
        return status;
    }

    private HomeDirectory home() throws IOException {
        if (options.keep().isEmpty()) {
            return HomeDirectory.fresh(options.home());
        }
        HomeDirectory home =
                HomeDirectory.keeping(options.home(), options.keep().get());
        try (Stream<Path> files = Files.list(home.run())) {
            if (files.findAny().isPresent()) {
                throw new IOException("Expected --keep to name a new or empty directory, found files in " + home.run());
            }
        }
        return home;
    }

    private StoreVolume store(Path checkpoints) throws IOException, InterruptedException {
        boolean isNeeded = options.kinds().contains(FaultKind.STORE_READ_ONLY)
                || options.kinds().contains(FaultKind.DISK_FULL);
        return isNeeded ? StoreVolume.mount(checkpoints) : StoreVolume.none(checkpoints);
    }

    private boolean run(HomeDirectory home, StoreVolume store, Ring ring) throws IOException, InterruptedException {
        Corpus corpus = start(home, ring);
        long up = System.nanoTime();
        Random random = new Random(options.seed());
        try (BookKeeping keeping = new BookKeeping(ring.kafka(), books);
                Traffic traffic = new Traffic(ring.kafka(), corpus, books, ledger, clock, options.seed())) {
            Faults faults = new Faults(ring, store, traffic, random);
            MemoryWatch memory = new MemoryWatch(ring.processes());
            Rounds rounds = new Rounds(ring, faults, books, ledger, memory, screen, clock, random, this::goesOn);
            Map<FaultKind, String> skipped = obstacles(faults);
            traffic.start(corpus);
            if (rounds.awaitFirstTurn()) {
                rounds.run(
                        options.kinds().stream()
                                .filter(kind -> !skipped.containsKey(kind))
                                .toList(),
                        options.time());
            }
            if (stopping) {
                return false;
            }
            screen.say("the last event is sent; waiting until all of them have had their effect");
            traffic.close();
            Closing closing = new Closing(ring, books, ledger, keeping);
            Duration took = Duration.ofNanos(System.nanoTime() - up);
            return show(new DrillReport(
                    took,
                    options.seed(),
                    ledger,
                    rounds.outcomes(),
                    skipped,
                    closing.audit(),
                    memory.courses(),
                    deaths.unbidden()));
        }
    }

    private Corpus start(HomeDirectory home, Ring ring) throws IOException, InterruptedException {
        screen.say("starting a Kafka broker, the miner, the trainer and the evaluator below " + home.run());
        ring.startBroker(TO_START);
        ring.start(Service.MINER);
        ring.start(Service.EVALUATOR);
        Corpus corpus = SmallCorpus.of(PASSAGES, HELD_OUT, options.seed());
        new Preparation(settings, screen::say).randomModels(corpus, ring.initialDirectory(), options.seed());
        ring.start(Service.TRAINER);
        ring.announce(home.home(), TO_START);
        screen.say("dashboard: %s/".formatted(ring.service(Service.EVALUATOR).address()));
        return corpus;
    }

    private Map<FaultKind, String> obstacles(Faults faults) {
        Map<FaultKind, String> skipped = new EnumMap<>(FaultKind.class);
        for (FaultKind kind : options.kinds()) {
            faults.obstacle(kind).ifPresent(why -> {
                skipped.put(kind, why);
                screen.say("skipped: %s: %s".formatted(kind.label(), why));
            });
        }
        return skipped;
    }

    private boolean show(DrillReport report) {
        screen.print(report.text());
        if (options.json()) {
            result.println(report.json());
            result.flush();
        }
        return report.holds();
    }

    private boolean goesOn() {
        return !stopping && !deaths.isFinal();
    }

    private void stop(HomeDirectory home, StoreVolume store, Ring ring) {
        if (!stopping) {
            stopping = true;
            screen.say("stopping");
            ring.close();
            store.close();
            try {
                home.close();
            } catch (IOException e) {
                screen.say("cannot tidy up %s: %s".formatted(home.home(), e.getMessage()));
            }
        }
    }
}
