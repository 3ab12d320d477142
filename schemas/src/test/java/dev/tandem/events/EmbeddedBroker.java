package dev.tandem.events;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A real single-node KRaft broker in this JVM, with every topic of {@link Topics}; for tests of loops and of the ring. */
public final class EmbeddedBroker implements TestBroker {
    private static final String PROTOCOLS = "CLIENT:PLAINTEXT,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT";

    private final KafkaRaftServer server;
    private final KafkaSettings kafka;
    private final Path directory;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, KafkaSettings kafka, Path directory, int port) {
        this.server = server;
        this.kafka = kafka;
        this.directory = directory;
        this.port = port;
    }

    /** Starts a broker that keeps its log under a directory; a second start there finds the data of the first. */
    public static EmbeddedBroker start(Path directory) {
        return start(directory, Optional.empty());
    }

    /** Starts a broker whose clients speak TLS and prove who they are. */
    public static EmbeddedBroker start(Path directory, BrokerSecurity security) {
        return start(directory, Optional.of(security));
    }

    private static EmbeddedBroker start(Path directory, Optional<BrokerSecurity> security) {
        try {
            int[] ports = freePorts();
            return start(directory, security, ports);
        } catch (IOException e) {
            throw new IllegalStateException("There is no free port", e);
        }
    }

    /** Stops it and starts it again where its clients look for it. */
    public EmbeddedBroker restarted() {
        close();
        try {
            int[] ports = freePorts();
            ports[0] = port;
            return start(directory, Optional.empty(), ports);
        } catch (IOException e) {
            throw new IllegalStateException("There is no free port", e);
        }
    }

    private static EmbeddedBroker start(Path directory, Optional<BrokerSecurity> security, int[] ports) {
        try {
            format(directory, security.map(BrokerSecurity::credentials).orElse(List.of()));
            Properties properties = properties(directory, ports);
            String servers = "localhost:" + ports[0];
            security.ifPresent(secured -> {
                properties.put(
                        "listener.security.protocol.map", PROTOCOLS.replace("CLIENT:PLAINTEXT", "CLIENT:SASL_SSL"));
                properties.putAll(secured.ofBroker());
            });
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
            server.startup();
            EmbeddedBroker broker = new EmbeddedBroker(
                    server,
                    security.map(secured -> secured.kafka(servers)).orElseGet(() -> KafkaSettings.at(servers)),
                    directory,
                    ports[0]);
            try (Admin admin = Admin.create(broker.kafka().with(Map.of()))) {
                TopicAdmin.createMissing(admin, new Topics());
            }
            return broker;
        } catch (Exception e) {
            throw new IllegalStateException("The embedded broker did not start in " + directory, e);
        }
    }

    @Override
    public KafkaSettings kafka() {
        return kafka;
    }

    /** Lets one more user in, by SCRAM. */
    public void addUser(String name, String password) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(kafka.with(Map.of()))) {
            ScramCredentialInfo credential = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(name, credential, password)))
                    .all()
                    .get();
        }
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    /** Three at once: one after the other they may be the same. */
    private static int[] freePorts() throws IOException {
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket third = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new int[] {first.getLocalPort(), second.getLocalPort(), third.getLocalPort()};
        }
    }

    private static void format(Path directory, List<String> credentials) throws Exception {
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
                .setScramArguments(credentials)
                .run();
    }

    private static Properties properties(Path directory, int[] ports) {
        Properties properties = new Properties();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        String clients = "CLIENT://localhost:%d,INSIDE://localhost:%d".formatted(ports[0], ports[1]);
        properties.put("listeners", clients + ",CONTROLLER://localhost:" + ports[2]);
        properties.put("advertised.listeners", clients);
        properties.put("listener.security.protocol.map", PROTOCOLS);
        properties.put("inter.broker.listener.name", "INSIDE");
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("controller.quorum.voters", "1@localhost:" + ports[2]);
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
