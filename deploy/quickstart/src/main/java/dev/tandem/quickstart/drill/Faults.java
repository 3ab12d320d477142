package dev.tandem.quickstart.drill;

import dev.tandem.quickstart.process.ChildProcess;
import dev.tandem.quickstart.ring.Ring;
import dev.tandem.quickstart.ring.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** How each fault begins and ends. */
final class Faults {
    private static final Duration TO_STOP = Duration.ofSeconds(60);
    private static final Duration TO_START = Duration.ofMinutes(3);
    private static final int LONGEST_DOWN_SECONDS = 5;
    private static final int SHORTEST_SECONDS = 5;
    /** Longer than a client waits for an answer (30 s), shorter than a transaction or a group waits for a client (45 s). */
    private static final int LONGEST_CUT_SECONDS = 40;

    private static final int LONGEST_STORE_SECONDS = 25;

    private final Ring ring;
    private final StoreVolume store;
    private final Traffic traffic;
    private final Random random;

    Faults(Ring ring, StoreVolume store, Traffic traffic, Random random) {
        this.ring = ring;
        this.store = store;
        this.traffic = traffic;
        this.random = random;
    }

    /** Why a fault cannot be made on this machine, empty if it can. */
    Optional<String> obstacle(FaultKind kind) {
        boolean needsVolume = kind == FaultKind.STORE_READ_ONLY || kind == FaultKind.DISK_FULL;
        return needsVolume ? store.obstacle() : Optional.empty();
    }

    /** How long the next one of a kind lasts before it is mended; zero where it is over at once. */
    Duration lasts(FaultKind kind) {
        return switch (kind) {
            case RESTART_BROKER -> Duration.ofSeconds(random.nextInt(LONGEST_DOWN_SECONDS + 1));
            case CUT_MINER, CUT_TRAINER, CUT_EVALUATOR -> between(LONGEST_CUT_SECONDS);
            case STORE_READ_ONLY, DISK_FULL -> between(LONGEST_STORE_SECONDS);
            default -> Duration.ZERO;
        };
    }

    private Duration between(int longest) {
        return Duration.ofSeconds(SHORTEST_SECONDS + random.nextInt(longest - SHORTEST_SECONDS + 1));
    }

    void begin(FaultKind kind, int number) throws IOException, InterruptedException {
        switch (kind) {
            case KILL_MINER, KILL_TRAINER, KILL_EVALUATOR -> process(kind).kill();
            case KILL_BROKER -> ring.brokerProcess().kill();
            case RESTART_BROKER -> ring.brokerProcess().stop(TO_STOP);
            case CUT_MINER, CUT_TRAINER, CUT_EVALUATOR ->
                ring.network(service(kind)).cut();
            case STORE_READ_ONLY -> store.forbidWriting();
            case DISK_FULL -> store.fill();
            case CLOCK_SKEW -> traffic.sendWithWrongClocks("skewed-" + number);
        }
    }

    void end(FaultKind kind) throws IOException, InterruptedException {
        switch (kind) {
            case RESTART_BROKER -> {
                ring.brokerProcess().start();
                ring.awaitBroker(TO_START);
            }
            case CUT_MINER, CUT_TRAINER, CUT_EVALUATOR ->
                ring.network(service(kind)).mend();
            case STORE_READ_ONLY -> store.allowWriting();
            case DISK_FULL -> store.free();
            default -> {} // who was killed is started again by the launcher; an event is over when it is sent
        }
    }

    private ChildProcess process(FaultKind kind) {
        return ring.service(service(kind)).process();
    }

    private static Service service(FaultKind kind) {
        String name = kind.name().substring(kind.name().indexOf('_') + 1);
        return Service.valueOf(name.toUpperCase(Locale.ROOT));
    }
}
