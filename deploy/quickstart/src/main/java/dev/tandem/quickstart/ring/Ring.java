package dev.tandem.quickstart.ring;

import dev.tandem.events.KafkaSettings;
import dev.tandem.events.TopicAdmin;
import dev.tandem.events.Topics;
import dev.tandem.quickstart.home.RunningQuickstart;
import dev.tandem.quickstart.process.ChildProcess;
import dev.tandem.quickstart.process.ChildProcess.Death;
import dev.tandem.quickstart.process.FreePort;
import dev.tandem.quickstart.process.JavaCommand;
import dev.tandem.quickstart.process.LocalBroker;
import dev.tandem.quickstart.process.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/** A broker and the three services as child processes below one directory. */
public final class Ring implements AutoCloseable {
    private static final Duration TIME_TO_SAVE = Duration.ofSeconds(60);

    private final Path directory;
    private final Map<Service, TcpProxy> networks;
    private final LocalBroker broker;
    private final Map<Service, ServiceProcess> services = new EnumMap<>(Service.class);

    /**
     * Nothing runs before it is started.
     *
     * @param directory of all data, checkpoints and logs
     * @param settings of the services
     * @param deaths told when a child dies; it is restarted a bounded number of times
     */
    public Ring(Path directory, Settings settings, Consumer<Death> deaths) {
        this(directory, settings, deaths, Map.of());
    }

    /** A ring each of whose services reaches the broker through a {@link #network} of its own; otherwise as the other. */
    public static Ring cuttable(Path directory, Settings settings, Consumer<Death> deaths) {
        Map<Service, TcpProxy> networks = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            networks.put(service, new TcpProxy());
        }
        return new Ring(directory, settings, deaths, networks);
    }

    private Ring(Path directory, Settings settings, Consumer<Death> deaths, Map<Service, TcpProxy> networks) {
        this.directory = directory.toAbsolutePath();
        this.networks = networks;
        Map<String, Integer> advertised = new LinkedHashMap<>();
        networks.forEach((service, proxy) -> advertised.put(service.name(), proxy.port()));
        this.broker = new LocalBroker(this.directory.resolve("broker"), logs(), deaths, advertised);
        for (Service service : Service.values()) {
            services.put(service, prepared(service, settings, deaths));
        }
    }

    private ServiceProcess prepared(Service service, Settings settings, Consumer<Death> deaths) {
        int port = FreePort.next();
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("ai.djl.offline", "true");
        properties.put("quarkus.http.host", "127.0.0.1");
        properties.put("quarkus.http.port", String.valueOf(port));
        properties.put(
                "kafka.bootstrap.servers",
                networks.containsKey(service)
                        ? "127.0.0.1:" + networks.get(service).port()
                        : broker.bootstrapServers());
        properties.put("kafka.security.protocol", "PLAINTEXT"); // the environment may say otherwise of another broker
        properties.put(service.label() + ".store", checkpoints().toString());
        if (service == Service.MINER) {
            properties.put("miner.state-dir", directory.resolve("miner").toString());
        }
        if (service == Service.TRAINER) {
            properties.put("trainer.init", initialDirectory().toString());
        }
        properties.putAll(settings.of(service));
        JavaCommand command = JavaCommand.jar(PackagedServices.jar(service), service.heapMegabytes(), properties);
        ChildProcess process = new ChildProcess(service.label(), command, threads(service), logs(), deaths);
        return new ServiceProcess(process, URI.create("http://127.0.0.1:" + port));
    }

    /**
     * PyTorch's threads. Three services share the cores: an idle thread gives its core back at once. One that spins makes a
     * step a third faster while nobody else computes, and four times as slow while somebody does.
     */
    private static Map<String, String> threads(Service service) {
        int cores = Runtime.getRuntime().availableProcessors();
        return Map.of("OMP_NUM_THREADS", String.valueOf(service.threads(cores)), "OMP_WAIT_POLICY", "PASSIVE");
    }

    public Path logs() {
        return directory.resolve("logs");
    }

    public Path checkpoints() {
        return directory.resolve("checkpoints");
    }

    /** What the trainer starts from; must be there before it is started. */
    public Path initialDirectory() {
        return directory.resolve("initial");
    }

    /** How its broker is reached. */
    public KafkaSettings kafka() {
        return KafkaSettings.at(broker.bootstrapServers());
    }

    public ServiceProcess service(Service service) {
        return services.get(service);
    }

    /** Starts the broker, waits until it answers and creates the topics. */
    public void startBroker(Duration patience) throws InterruptedException {
        networks.forEach((service, proxy) -> proxy.start(broker.sidePort(service.name())));
        broker.start();
        awaitBroker(patience);
        try (Admin admin = Admin.create(kafka().with(Map.of()))) {
            TopicAdmin.createMissing(admin, new Topics());
        }
    }

    /** Waits until the broker answers. */
    public void awaitBroker(Duration patience) throws InterruptedException {
        Await.until("the broker", patience, broker.process(), broker::answers);
    }

    /** The broker's process; started again it has its data. */
    public ChildProcess brokerProcess() {
        return broker.process();
    }

    /** All processes, the broker's last. */
    public List<ChildProcess> processes() {
        List<ChildProcess> processes = new ArrayList<>();
        services.values().forEach(service -> processes.add(service.process()));
        processes.add(broker.process());
        return processes;
    }

    /** The network between a service and the broker, of a {@link #cuttable} ring. */
    public TcpProxy network(Service service) {
        return networks.get(service);
    }

    /** Starts a service; returns at once. */
    public void start(Service service) {
        services.get(service).process().start();
    }

    /** Waits until a service answers. */
    public void await(Service service, Duration patience) throws InterruptedException {
        ServiceProcess process = services.get(service);
        Await.until("the " + service.label(), patience, process.process(), process::answers);
    }

    /** Waits until every service answers, and tells the other commands where they are reached. */
    public void announce(Path home, Duration patience) throws IOException, InterruptedException {
        for (Service service : Service.values()) {
            await(service, patience);
        }
        new RunningQuickstart(
                        ProcessHandle.current().pid(),
                        broker.bootstrapServers(),
                        service(Service.MINER).address(),
                        service(Service.TRAINER).address(),
                        service(Service.EVALUATOR).address())
                .announce(home);
    }

    /** Stops a service in order: a trainer saves what it has learned first. */
    public void stop(Service service) {
        services.get(service).process().stop(TIME_TO_SAVE);
    }

    /** Stops trainer, miner, evaluator and at last the broker. May be called from any thread, more than once. */
    @Override
    public void close() {
        for (Service service : Service.values()) {
            stop(service);
        }
        broker.close();
        networks.values().forEach(TcpProxy::close);
    }
}
