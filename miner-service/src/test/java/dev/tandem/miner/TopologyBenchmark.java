package dev.tandem.miner;

import dev.tandem.events.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Events per second through {@link MinerTopology}, without model work: the topology in a process of its own as the miner
 * configures it, exactly once, with one stream thread, on a real broker in this process.
 *
 * <p>Rounds of events are sent at once; a round is over when the topology has committed all of them and what it sent itself.
 * Processor seconds are those of the whole process of the topology: stream thread, sender, stores, compiler and collector.
 */
final class TopologyBenchmark {
    private static final int ROUNDS = 6;
    private static final int TEXTS = 5_000;
    private static final Duration BETWEEN_VISITS = Duration.ofMillis(20);

    private final int eventsPerRound;
    private final SimulatedFeedback feedback = new SimulatedFeedback(1, TEXTS, BETWEEN_VISITS);

    private TopologyBenchmark(int eventsPerRound) {
        this.eventsPerRound = eventsPerRound;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        new TopologyBenchmark(Integer.parseInt(arguments[0])).run();
    }

    private void run() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("topology");
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"))) {
            Process topology = start(broker, directory);
            try {
                measure(broker, topology);
            } finally {
                topology.getOutputStream().close();
                if (!topology.waitFor(30, TimeUnit.SECONDS)) {
                    topology.destroyForcibly();
                }
            }
        } finally {
            Utils.delete(directory.toFile());
        }
    }

    private static Process start(EmbeddedBroker broker, Path directory) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TopologyProcess.class.getName(),
                        broker.bootstrapServers(),
                        directory.resolve("state").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void measure(EmbeddedBroker broker, Process topology) throws InterruptedException {
        System.out.printf(
                "| round | events | s | processor s | events / s | events / processor s |%n|---|---|---|---|---|---|%n");
        try (InputLag lag = new InputLag(broker.bootstrapServers());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 20, "batch.size", 1 << 18),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int round = 1; round <= ROUNDS; round++) {
                List<ProducerRecord<byte[], byte[]>> events = feedback.next(eventsPerRound);
                double processor = processorSeconds(topology);
                long begun = System.nanoTime();
                events.forEach(event -> {
                    var unused = producer.send(event);
                });
                producer.flush();
                awaitEnd(lag, topology);
                print(round, (System.nanoTime() - begun) / 1e9, processorSeconds(topology) - processor);
            }
        }
    }

    private static void awaitEnd(InputLag lag, Process topology) throws InterruptedException {
        while (lag.left() > 0) {
            if (topology.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("The topology ended with status " + topology.exitValue());
            }
        }
    }

    private void print(int round, double seconds, double processorSeconds) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %,d | %.1f | %.1f | %,.0f | %,.0f |%n",
                round == 1 ? "1 (start)" : String.valueOf(round),
                eventsPerRound,
                seconds,
                processorSeconds,
                eventsPerRound / seconds,
                eventsPerRound / processorSeconds);
    }

    private static double processorSeconds(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }
}
