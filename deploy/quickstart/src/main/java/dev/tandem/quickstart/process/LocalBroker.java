package dev.tandem.quickstart.process;

import dev.tandem.events.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;

/** A single-node Kafka broker (KRaft) as a child JVM, reachable on this machine only; its data survives restarts. */
public final class LocalBroker implements AutoCloseable {
    private static final int MAX_HEAP_MEGABYTES = 512;
    private static final String HOST = "127.0.0.1";

    private final int port = FreePort.next();
    private final Map<String, Integer> sidePorts = new TreeMap<>();
    private final ChildProcess process;

    /**
     * @param directory holds data and configuration
     * @param logs directory of the log file
     * @param deaths told when it dies
     */
    public LocalBroker(Path directory, Path logs, Consumer<ChildProcess.Death> deaths) {
        this(directory, logs, deaths, Map.of());
    }

    /**
     * With side entrances: a listener each, whose clients are told to come to a port that leads there, such as a proxy's.
     *
     * @param advertised by name of the entrance, in capitals, the port that its clients are told
     */
    public LocalBroker(
            Path directory, Path logs, Consumer<ChildProcess.Death> deaths, Map<String, Integer> advertised) {
        advertised.keySet().forEach(name -> sidePorts.put(name, FreePort.next()));
        Path data = directory.resolve("data").toAbsolutePath();
        Path configuration = directory.resolve("server.properties").toAbsolutePath();
        try {
            format(data);
            write(properties(data, advertised), configuration);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot prepare the broker's directory " + directory, e);
        }
        JavaCommand command = new JavaCommand(
                MAX_HEAP_MEGABYTES,
                Map.of("org.slf4j.simpleLogger.defaultLogLevel", "warn", "org.slf4j.simpleLogger.showDateTime", "true"),
                List.of("-cp", System.getProperty("java.class.path"), "kafka.Kafka", configuration.toString()));
        process = new ChildProcess("broker", command, Map.of(), logs, deaths);
    }

    /** Starts it; returns at once. */
    public LocalBroker start() {
        process.start();
        return this;
    }

    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    /** Where a side entrance is. */
    public int sidePort(String name) {
        return sidePorts.get(name);
    }

    public ChildProcess process() {
        return process;
    }

    /** Whether it takes connections. */
    public boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.stop(Duration.ofSeconds(20));
    }

    private static void format(Path data) throws IOException {
        if (Files.exists(data.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(data);
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(data.toString())
                    .addDirectory(data.toString())
                    .setIgnoreFormatted(true)
                    .run();
        } catch (Exception e) { // declared so
            throw new IOException("Kafka cannot format %s: %s".formatted(data, e.getMessage()), e);
        }
    }

    private static void write(Properties properties, Path file) throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
    }

    private Properties properties(Path data, Map<String, Integer> advertised) {
        int controllerPort = FreePort.next();
        Properties properties = new Properties();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        String own = "PLAINTEXT://%s:%d".formatted(HOST, port);
        String controller = ",CONTROLLER://%s:%d".formatted(HOST, controllerPort);
        properties.put("listeners", own + controller + listeners(sidePorts));
        properties.put("advertised.listeners", own + listeners(advertised));
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT" + protocols());
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("controller.quorum.voters", "1@%s:%d".formatted(HOST, controllerPort));
        properties.put("log.dirs", data.toString());
        properties.put("auto.create.topics.enable", "false");
        SINGLE_NODE.forEach(name -> properties.put(name, "1"));
        properties.put("message.max.bytes", String.valueOf(Topics.MAX_EVENT_BYTES));
        properties.put("group.initial.rebalance.delay.ms", "0");
        // after kill -9 the broker comes back in 7 seconds instead of 13
        properties.put("broker.session.timeout.ms", "3000");
        properties.put("broker.heartbeat.interval.ms", "500");
        properties.put("log.cleaner.dedupe.buffer.size", "16777216");
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "4");
        return properties;
    }

    private static String listeners(Map<String, Integer> ports) {
        return ports.entrySet().stream()
                .map(entry -> ",%s://%s:%d".formatted(entry.getKey(), HOST, entry.getValue()))
                .collect(Collectors.joining());
    }

    private String protocols() {
        return sidePorts.keySet().stream()
                .map(name -> "," + name + ":PLAINTEXT")
                .collect(Collectors.joining());
    }

    private static final List<String> SINGLE_NODE = List.of(
            "num.partitions",
            "offsets.topic.num.partitions",
            "offsets.topic.replication.factor",
            "transaction.state.log.num.partitions",
            "transaction.state.log.replication.factor",
            "transaction.state.log.min.isr",
            "share.coordinator.state.topic.num.partitions",
            "share.coordinator.state.topic.replication.factor",
            "share.coordinator.state.topic.min.isr",
            "min.insync.replicas");
}
