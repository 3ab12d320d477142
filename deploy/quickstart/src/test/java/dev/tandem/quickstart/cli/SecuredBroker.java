package dev.tandem.quickstart.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.BrokerSecurity;
import dev.tandem.events.EmbeddedBroker;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** A broker that wants TLS and a password, started once for all tests of the commands; it ends with their JVM. */
final class SecuredBroker {
    static final String PASSWORD = "gr3en-Door-51";
    private static SecuredBroker running;

    private final Path directory;
    private final BrokerSecurity security;
    private final EmbeddedBroker broker;

    private SecuredBroker() throws IOException, InterruptedException {
        directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "secured-broker");
        security = BrokerSecurity.in(directory.resolve("keys"), PASSWORD);
        broker = EmbeddedBroker.start(directory.resolve("broker"), security);
    }

    static synchronized SecuredBroker running() throws IOException, InterruptedException {
        if (running == null) {
            running = new SecuredBroker();
        }
        return running;
    }

    EmbeddedBroker broker() {
        return broker;
    }

    /** Settings of a service for whoever says this name and the password. */
    Map<String, String> settings(String user) {
        return security.ofClient(broker.bootstrapServers(), user, PASSWORD);
    }

    /** A file for {@code --config} that says this password. */
    Path config(String password) throws IOException {
        Properties properties = new Properties();
        properties.putAll(security.ofClient(broker.bootstrapServers(), BrokerSecurity.USER, password));
        Path file = Files.createTempFile(directory, "client", ".properties");
        try (Writer writer = Files.newBufferedWriter(file, UTF_8)) {
            properties.store(writer, null);
        }
        return file;
    }
}
