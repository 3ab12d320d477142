package dev.tandem.events;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A real single-node KRaft broker in this JVM, with every topic of {@link Topics}; for tests of loops and of the ring. */
public final class EmbeddedBroker implements AutoCloseable {
    private final KafkaRaftServer server;
    private final Path directory;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, Path directory, int port) {
        this.server = server;
        this.directory = directory;
        this.port = port;
    }

    /** Starts a broker that keeps its log under a directory; a second start there finds the data of the first. */
    public static EmbeddedBroker start(Path directory) {
        try {
            int[] ports = freePorts();
            return start(directory, ports[0], ports[1]);
        } catch (IOException e) {
            throw new IllegalStateException("There is no free port", e);
        }
    }

    /** Stops it and starts it again where its clients look for it. */
    public EmbeddedBroker restarted() {
        close();
        try {
            return start(directory, port, freePorts()[1]);
        } catch (IOException e) {
            throw new IllegalStateException("There is no free port", e);
        }
    }

    private static EmbeddedBroker start(Path directory, int port, int controllerPort) {
        try {
            format(directory);
            KafkaRaftServer server =
                    new KafkaRaftServer(new KafkaConfig(properties(directory, port, controllerPort)), Time.SYSTEM);
            server.startup();
            EmbeddedBroker broker = new EmbeddedBroker(server, directory, port);
            try (Admin admin =
                    Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
                TopicAdmin.createMissing(admin, new Topics());
            }
            return broker;
        } catch (Exception e) {
            throw new IllegalStateException("The embedded broker did not start in " + directory, e);
        }
    }

    public String bootstrapServers() {
        return "localhost:" + port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    /** Two at once: one after the other they may be the same. */
    private static int[] freePorts() throws IOException {
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new int[] {first.getLocalPort(), second.getLocalPort()};
        }
    }

    private static void format(Path directory) throws Exception {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(directory);
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(directory.toAbsolutePath().toString())
                .addDirectory(directory.toAbsolutePath().toString())
                .setIgnoreFormatted(true)
                .run();
    }

    private static Properties properties(Path directory, int port, int controllerPort) {
        Properties properties = new Properties();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort);
        properties.put("advertised.listeners", "PLAINTEXT://localhost:" + port);
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("controller.quorum.voters", "1@localhost:" + controllerPort);
        properties.put("log.dirs", directory.toAbsolutePath().toString());
        properties.put("auto.create.topics.enable", "false");
        for (String single : new String[] {
            "num.partitions",
            "offsets.topic.num.partitions",
            "offsets.topic.replication.factor",
            "transaction.state.log.num.partitions",
            "transaction.state.log.replication.factor",
            "transaction.state.log.min.isr",
            "share.coordinator.state.topic.num.partitions",
            "share.coordinator.state.topic.replication.factor",
            "share.coordinator.state.topic.min.isr",
            "min.insync.replicas"
        }) {
            properties.put(single, "1");
        }
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("broker.session.timeout.ms", "3000");
        properties.put("broker.heartbeat.interval.ms", "500");
        properties.put("log.cleaner.dedupe.buffer.size", "16777216");
        return properties;
    }
}
