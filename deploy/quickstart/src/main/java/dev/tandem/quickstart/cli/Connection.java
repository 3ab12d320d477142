package dev.tandem.quickstart.cli;

import dev.tandem.events.BrokerTrouble;
import dev.tandem.events.KafkaSettings;
import dev.tandem.events.SchemaAdmin;
import dev.tandem.events.Topics;
import dev.tandem.events.registry.RegistryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Mixin;

/** The broker that events go to and come from: that of a quickstart on this machine, unless the user says otherwise. */
final class Connection {
    @Mixin
    private RunningRing ring = new RunningRing();

    @Mixin
    private BrokerOptions broker = new BrokerOptions();

    /**
     * A broker that answers.
     *
     * @param clusterId of its cluster: another one has other data
     * @param home directory for what a command keeps
     */
    record Reached(KafkaSettings kafka, String clusterId, Path home) {}

    /** The broker alone. */
    KafkaSettings kafka() {
        return reach().kafka();
    }

    /** The broker, and the registry if there is one; checked, so that a command fails at once and not after a minute. */
    Reached reach() {
        KafkaSettings kafka =
                broker.kafka(ring.home()).orElseThrow(() -> ring.missing(" or --bootstrap-servers HOST:PORT"));
        BrokerTrouble.beforehand(kafka).ifPresent(trouble -> {
            throw new Failure(trouble.sentence());
        });
        Map<String, Object> impatient = kafka.with(Map.of(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000",
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "4000"));
        try (Admin admin = Admin.create(impatient)) {
            if (!admin.listTopics().names().get().contains("queries")) {
                throw new Failure("The broker at %s has no topic \"queries\": Tandem's services have not run there yet."
                        .formatted(kafka.servers()));
            }
            SchemaAdmin.registerMissing(new Topics(kafka.events()));
            return new Reached(kafka, admin.describeCluster().clusterId().get(), ring.home());
        } catch (RegistryException e) {
            throw new Failure(e.getMessage(), e);
        } catch (ExecutionException | KafkaException e) {
            throw new Failure(BrokerTrouble.of(kafka, e).sentence(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted", e);
        }
    }
}
