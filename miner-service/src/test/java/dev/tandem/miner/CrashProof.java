package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.tandem.events.EmbeddedBroker;
import dev.tandem.events.PassagePublished;
import dev.tandem.events.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Feeds a miner with simulated events while its process is killed at random moments and its broker restarted once, and
 * compares everything it has made with what an undisturbed one makes of the same events.
 *
 * <p>As a program: {@code CrashProof EVENTS KILLS SEED}; ends with status 1 where anything differs.
 */
final class CrashProof {
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final Duration BETWEEN_VISITS = Duration.ofMillis(300);

    private final Path directory;
    private final int texts;
    private final int events;
    private final int kills;
    private final Random random;
    private final long seed;
    private final Topics topics = new Topics();

    /**
     * A comparison that has not begun.
     *
     * @param directory empty, or not there yet
     * @param texts that users ask
     */
    CrashProof(Path directory, int texts, int events, int kills, long seed) {
        this.directory = directory;
        this.texts = texts;
        this.events = events;
        this.kills = kills;
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** What both have made. */
    record Result(MinerOutcome undisturbed, MinerOutcome disturbed) {
        List<String> differences() {
            return undisturbed.differences(disturbed);
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("crash-proof");
        try {
            int events = Integer.parseInt(arguments[0]);
            int kills = Integer.parseInt(arguments[1]);
            Result result = new CrashProof(directory, 1_000, events, kills, Long.parseLong(arguments[2])).run();
            print(result);
            System.exit(result.differences().isEmpty() ? 0 : 1);
        } finally {
            Utils.delete(directory.toFile());
        }
    }

    /** Both at the same time, each with a broker of its own. */
    Result run() throws InterruptedException {
        ExecutorService both = Executors.newFixedThreadPool(2);
        try {
            Future<MinerOutcome> undisturbed = both.submit(() -> outcome("undisturbed", 0));
            Future<MinerOutcome> disturbed = both.submit(() -> outcome("disturbed", kills));
            return new Result(undisturbed.get(), disturbed.get());
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "A miner did not get to the end: " + e.getCause().getMessage(), e);
        } finally {
            both.shutdownNow();
        }
    }

    private MinerOutcome outcome(String name, int crashes) throws ExecutionException, InterruptedException {
        Path own = directory.resolve(name);
        EmbeddedBroker broker = EmbeddedBroker.start(own.resolve("broker"));
        MinerProcess miner = null;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 5, "delivery.timeout.ms", 600_000),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            SimulatedFeedback feedback = new SimulatedFeedback(seed, texts, BETWEEN_VISITS);
            send(producer, passages());
            miner = MinerProcess.start(broker.bootstrapServers(), own);
            long clicks = 0;
            for (int part = 0; part <= crashes; part++) {
                int from = (int) ((long) events * part / (crashes + 1));
                int to = (int) ((long) events * (part + 1) / (crashes + 1));
                clicks += send(producer, feedback.next(to - from));
                if (part == crashes / 2 && crashes > 0) {
                    broker = broker.restarted();
                }
                if (part < crashes) {
                    killAtRandom(miner, to - from, broker);
                    miner = MinerProcess.start(broker.bootstrapServers(), own);
                }
            }
            clicks += send(producer, feedback.rest());
            Map<String, Long> counts = awaitEnd(miner, clicks);
            return MinerOutcome.read(broker.bootstrapServers(), counts);
        } finally {
            if (miner != null) {
                miner.close();
            }
            broker.close();
        }
    }

    /** Mostly when it has committed some of what it was sent, now and then while it starts. */
    private void killAtRandom(MinerProcess miner, int sent, EmbeddedBroker broker) throws InterruptedException {
        boolean isEarly = random.nextInt(4) == 0;
        if (!isEarly) {
            long left = random.nextInt(sent);
            try (InputLag lag = new InputLag(broker.bootstrapServers())) {
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> lag.left() <= left);
            }
        }
        miner.killAfter(Duration.ofMillis(random.nextInt(isEarly ? 3_000 : 200)));
    }

    /** Until it is caught up, and each click has met its fate. */
    private static Map<String, Long> awaitEnd(MinerProcess miner, long clicks) {
        Map<String, Long> last = await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(miner::ask, counts -> counts.get(MinerChild.CAUGHT_UP) == 1 && clicks(counts) >= clicks);
        if (clicks(last) != clicks) {
            throw new IllegalStateException("%d clicks were sent, %d were counted".formatted(clicks, clicks(last)));
        }
        last.remove(MinerChild.CAUGHT_UP);
        return last;
    }

    private static long clicks(Map<String, Long> counts) {
        return MinerChild.fatesOfClicks().stream().mapToLong(counts::get).sum();
    }

    /** Returns how many of them were for the topic of clicks. */
    private long send(KafkaProducer<byte[], byte[]> producer, List<ProducerRecord<byte[], byte[]>> records)
            throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
        producer.flush();
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
        return records.stream()
                .filter(record -> record.topic().equals(topics.clicks().name()))
                .count();
    }

    private List<ProducerRecord<byte[], byte[]>> passages() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int text = 0; text < texts; text++) {
            for (int i = 0; i < SimulatedFeedback.PASSAGES; i++) {
                PassagePublished passage = new PassagePublished(
                        SimulatedFeedback.passageId(text, i), "thing " + text, "taken apart in way %d".formatted(i));
                records.add(new ProducerRecord<>(
                        topics.passages().name(),
                        passage.getId().getBytes(UTF_8),
                        topics.passages().write(passage)));
            }
        }
        return records;
    }

    private static void print(Result result) {
        System.out.println("| | undisturbed | disturbed |\n|---|---|---|");
        row("labelled query texts", result, outcome -> outcome.labels().size());
        row("held-out queries", result, outcome -> outcome.heldOut().size());
        row("candidate lists", result, outcome -> outcome.lists().size());
        row("dead letters", result, outcome -> outcome.refused().size());
        result.undisturbed().counts().keySet().stream()
                .filter(name -> !name.contains("/") || name.startsWith("refused"))
                .forEach(name ->
                        row(name, result, outcome -> (Long) outcome.counts().get(name)));
        System.out.printf(Locale.ROOT, "%,d differences%n", result.differences().size());
        result.differences().stream().limit(20).forEach(System.out::println);
    }

    private interface Figure {
        Number of(MinerOutcome outcome);
    }

    private static void row(String what, Result result, Figure figure) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %,d | %,d |%n",
                what,
                figure.of(result.undisturbed()).longValue(),
                figure.of(result.disturbed()).longValue());
    }
}
