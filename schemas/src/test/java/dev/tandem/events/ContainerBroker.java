package dev.tandem.events;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** The broker that Compose runs, in a container of its own; for the tests that run on {@link EmbeddedBroker} everywhere. */
public final class ContainerBroker implements TestBroker {
    private static final DockerImageName IMAGE = DockerImageName.parse("apache/kafka:4.1.2");

    private final KafkaContainer container;

    private ContainerBroker(KafkaContainer container) {
        this.container = container;
    }

    /** Whether a container engine answers; where none does, tests on this broker are skipped. */
    public static boolean isEngineThere() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    /** Starts a broker with an empty log. */
    public static ContainerBroker start() {
        ContainerBroker broker = new ContainerBroker(new KafkaContainer(IMAGE));
        broker.container.start();
        try (Admin admin = Admin.create(broker.kafka().with(Map.of()))) {
            TopicAdmin.createMissing(admin, new Topics());
            return broker;
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    @Override
    public KafkaSettings kafka() {
        return KafkaSettings.at(container.getBootstrapServers());
    }

    @Override
    public void close() {
        container.stop();
    }
}
