package dev.tandem.quickstart.cli;

import dev.tandem.events.BrokerTrouble;
import dev.tandem.events.KafkaSettings;
import dev.tandem.events.SchemaAdmin;
import dev.tandem.events.Topics;
import dev.tandem.events.registry.RegistryException;
import dev.tandem.quickstart.home.RunningQuickstart;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where Tandem is reached: a quickstart that runs on this machine, unless the user says otherwise. */
final class Connection {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "${env:TANDEM_HOME:-.tandem}",
            description = "Directory of the running quickstart (default: ${DEFAULT-VALUE}, or TANDEM_HOME).")
    private Path home;

    @Mixin
    private BrokerOptions broker = new BrokerOptions();

    @Option(names = "--evaluator", paramLabel = "URL", description = "Evaluator (default: the running quickstart's).")
    private URI evaluator;

    /** The broker, and the registry if there is one; checked, so that a command fails at once and not after a minute. */
    KafkaSettings kafka() {
        KafkaSettings kafka = broker.kafka(home).orElseThrow(() -> notRunning("--bootstrap-servers HOST:PORT"));
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
            return kafka;
        } catch (RegistryException e) {
            throw new Failure(e.getMessage(), e);
        } catch (ExecutionException | KafkaException e) {
            throw new Failure(BrokerTrouble.of(kafka, e).sentence(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted", e);
        }
    }

    URI evaluator() {
        return evaluator != null ? evaluator : running("--evaluator URL", RunningQuickstart::evaluator);
    }

    private <T> T running(String option, Function<RunningQuickstart, T> what) {
        return RunningQuickstart.find(home).map(what).orElseThrow(() -> notRunning(option));
    }

    private Failure notRunning(String option) {
        return new Failure(
                "No quickstart is running in %s. Start one by `./tandem quickstart --stay`, or say where by --home DIR or %s."
                        .formatted(home.toAbsolutePath().normalize(), option));
    }
}
