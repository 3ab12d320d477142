package dev.tandem.quickstart;

import dev.tandem.miner.MinerConfig;
import dev.tandem.quickstart.corpus.Corpus;
import dev.tandem.quickstart.feed.PromotionWatch;
import dev.tandem.quickstart.home.HomeDirectory;
import dev.tandem.quickstart.process.ChildProcess.Death;
import dev.tandem.quickstart.process.LogTail;
import dev.tandem.quickstart.ring.Ring;
import dev.tandem.quickstart.ring.Service;
import dev.tandem.quickstart.ring.Settings;
import dev.tandem.trainer.TrainerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The ring from nothing to a table: starts a broker and the three services, gives them a corpus, labelled queries and
 * simulated clicks, shows what they make of it, and ends with the metrics of the first and the last champion.
 */
public final class Quickstart {
    private static final Duration TO_START = Duration.ofSeconds(90);
    private static final Duration TO_FINISH_EVALUATING = Duration.ofMinutes(3);
    private static final int LOG_LINES = 12;
    /** Status of a program that Ctrl-C has ended. */
    private static final int INTERRUPTED = 130;

    private final QuickstartOptions options;
    private final Settings settings;
    private final int plannedJointSteps;
    private final Screen screen;
    private final PrintWriter result;
    private final AtomicReference<String> broken = new AtomicReference<>();
    private volatile boolean stopping;

    /**
     * @param out what happens
     * @param result the table's JSON line, if asked for
     * @param terminal whether a line of {@code out} can be written over
     * @throws IllegalArgumentException if a setting is unknown or out of range
     */
    public Quickstart(QuickstartOptions options, PrintWriter out, PrintWriter result, boolean terminal) {
        this.options = options;
        Settings usual = options.init().isPresent() ? Settings.quickstart().pretrained() : Settings.quickstart();
        Settings chosen = usual.with(seeds(options.seed())).withUsers(options.settings());
        this.plannedJointSteps = chosen.plannedJointSteps();
        this.settings = chosen.endingJointAt(options.stay() ? 0 : plannedJointSteps);
        TrainerConfig.of(settings.of(Service.TRAINER)).recipe().asRecipe();
        MinerConfig.of(settings.of(Service.MINER)).asMining();
        this.screen = new Screen(out, terminal);
        this.result = result;
    }

    private static Map<String, String> seeds(long seed) {
        Map<String, String> seeds = new HashMap<>();
        seeds.put("trainer.recipe.seed", String.valueOf(seed));
        seeds.put("miner.seed", String.valueOf(seed));
        return seeds;
    }

    /**
     * Runs it all; returns when it is over.
     *
     * @return exit status
     */
    public int run() throws IOException, InterruptedException {
        try (HomeDirectory home = home();
                Ring ring = new Ring(home.run(), settings, this::died)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(home, ring), "stop-all"));
            run(home, ring);
            if (!stopping) {
                screen.say("stopping; data, checkpoints and logs of this run are in " + home.run());
            }
        } catch (IOException | RuntimeException e) {
            if (!stopping) { // Ctrl-C pulls the services from under whatever goes on
                throw e;
            }
        }
        return over();
    }

    private int over() {
        int status = stopping ? INTERRUPTED : 0;
        stopping = true; // nothing is left for the shutdown hook to do
        return status;
    }

    private HomeDirectory home() throws IOException {
        return options.keep().isPresent()
                ? HomeDirectory.keeping(options.home(), options.keep().get())
                : HomeDirectory.fresh(options.home());
    }

    private void run(HomeDirectory home, Ring ring) throws IOException, InterruptedException {
        Corpus corpus = start(home, ring);
        long up = System.nanoTime();
        try (PromotionWatch promotions = new PromotionWatch(ring.kafka());
                Feeding feeding = new Feeding(ring, settings, options.seed(), screen)) {
            feeding.feed(corpus);
            feeding.startClicks(options.time());
            Watching watching = new Watching(ring, promotions, screen);
            if (corpus.train().isEmpty()) {
                screen.say("no judged queries: BM25 answers until queries and clicks are sent; Ctrl-C stops all");
                stay(watching);
                return;
            }
            long deadline = up + options.time().toNanos();
            while (goesOn() && System.nanoTime() < deadline && !watching.hasDone(plannedJointSteps)) {
                watching.look();
            }
            if (goesOn() && !options.stay()) {
                ring.stop(Service.TRAINER);
            }
            awaitEvaluator(watching);
            if (goesOn()) {
                show(feeding, watching, ring, up);
            }
            if (options.stay()) {
                stay(watching);
            }
        }
    }

    private void stay(Watching watching) {
        while (goesOn()) {
            watching.look();
        }
    }

    private Corpus start(HomeDirectory home, Ring ring) throws IOException, InterruptedException {
        screen.say("starting a Kafka broker, the miner and the evaluator below " + home.run());
        ring.startBroker(TO_START);
        ring.start(Service.MINER);
        ring.start(Service.EVALUATOR);
        Corpus corpus = prepare(home, ring);
        ring.start(Service.TRAINER);
        ring.announce(home.home(), TO_START);
        screen.say("dashboard: %s/".formatted(ring.service(Service.EVALUATOR).address()));
        return corpus;
    }

    private Corpus prepare(HomeDirectory home, Ring ring) throws IOException {
        Preparation preparation = new Preparation(settings, screen::say);
        Corpus corpus = options.data().isPresent()
                ? corpusOf(options.data().get(), preparation)
                : preparation.ownCorpus(home.home());
        screen.say("corpus: %,d passages, %,d training queries, %,d held-out queries"
                .formatted(
                        corpus.passages().size(),
                        corpus.train().size(),
                        corpus.heldOut().size()));
        if (!preparation.hasModels(ring.initialDirectory())) {
            screen.say("preparing the models to start from");
            if (options.init().isPresent()) {
                preparation.modelsOf(options.init().get(), ring.initialDirectory(), options.seed());
            } else {
                preparation.randomModels(corpus, ring.initialDirectory(), options.seed());
            }
        }
        return corpus;
    }

    private Corpus corpusOf(Path data, Preparation preparation) throws IOException {
        return options.stay() ? preparation.corpusToBeginWith(data) : preparation.corpusOf(data);
    }

    private void awaitEvaluator(Watching watching) throws InterruptedException {
        long deadline = System.nanoTime() + TO_FINISH_EVALUATING.toNanos();
        watching.expectCheckpoint();
        while (goesOn() && System.nanoTime() < deadline && !watching.evaluatorIsIdle()) {
            watching.look();
        }
    }

    private void show(Feeding feeding, Watching watching, Ring ring, long up) {
        long seconds = (System.nanoTime() - up) / 1_000_000_000;
        screen.say("simulated users saw %,d result pages and clicked %,d times"
                .formatted(feeding.impressions(), feeding.clicks()));
        var report = ring.service(Service.EVALUATOR).get("/api/report");
        if (report.isEmpty()) {
            throw new IllegalStateException("Expected the evaluator's report, it does not answer. See "
                    + ring.service(Service.EVALUATOR).process().log());
        }
        ClosingTable table = new ClosingTable(report.get(), watching.lists(), watching.steps(), seconds);
        screen.print(table.text());
        if (options.json()) {
            result.println(table.json());
            result.flush();
        }
        if (options.stay()) {
            screen.say("all keeps running; Ctrl-C stops it. Dashboard: %s/"
                    .formatted(ring.service(Service.EVALUATOR).address()));
        }
    }

    private boolean goesOn() {
        String reason = broken.get();
        if (reason != null && !stopping) {
            throw new IllegalStateException(reason);
        }
        return !stopping;
    }

    private void died(Death death) {
        List<String> log = LogTail.of(death.log(), LOG_LINES);
        String said = "the %s ended with status %d; the end of %s:%n    %s"
                .formatted(death.name(), death.exitCode(), death.log(), String.join("%n    ".formatted(), log));
        if (death.restarted()) {
            screen.say(said + "%n    It is started again.".formatted());
        } else {
            broken.set("Giving up: " + said);
        }
    }

    private void stop(HomeDirectory home, Ring ring) {
        if (!stopping) {
            stopping = true;
            screen.say("stopping");
            ring.close();
            try {
                home.close();
            } catch (IOException e) {
                screen.say("cannot tidy up %s: %s".formatted(home.home(), e.getMessage()));
            }
        }
    }
}
