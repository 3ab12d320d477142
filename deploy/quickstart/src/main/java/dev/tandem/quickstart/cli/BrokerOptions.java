package dev.tandem.quickstart.cli;

import dev.tandem.events.KafkaSettings;
import dev.tandem.quickstart.home.RunningQuickstart;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.Option;

/** Which broker, and how one speaks to it. */
final class BrokerOptions {
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Kafka broker (default: the one in --config, else the running quickstart's).")
    private String bootstrapServers;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "${env:TANDEM_CONFIG}",
            description =
                    "Properties file with the services' settings kafka.* and events.*, for TLS, passwords and a schema registry; or TANDEM_CONFIG.")
    private Path config;

    /** How the broker is reached; empty if none is named and no quickstart runs in the directory. */
    Optional<KafkaSettings> kafka(Path home) {
        if (config != null) {
            KafkaSettings configured = read(config);
            return Optional.of(bootstrapServers == null ? configured : configured.withServers(bootstrapServers));
        }
        return Optional.ofNullable(bootstrapServers)
                .or(() -> RunningQuickstart.find(home).map(RunningQuickstart::bootstrapServers))
                .map(KafkaSettings::at);
    }

    private static KafkaSettings read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new Failure("Expected a properties file at %s, cannot read it: %s".formatted(file, e), e);
        }
        if (properties.stringPropertyNames().stream().noneMatch(name -> name.matches("(kafka|events)\\..*"))) {
            throw new Failure(
                    "Expected settings that begin with \"kafka.\" or \"events.\" in %s, such as kafka.security.protocol, found none; see deploy/security.md."
                            .formatted(file));
        }
        try {
            return KafkaSettings.of(
                    properties.stringPropertyNames(), name -> Optional.ofNullable(properties.getProperty(name)));
        } catch (IllegalArgumentException e) {
            throw new Failure("%s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
