package dev.tandem.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** TLS with a certificate of its own and SCRAM with one user, for a broker on this machine; for tests. */
public final class BrokerSecurity {
    public static final String USER = "tandem";
    private static final String STORE_PASSWORD = "of-the-keystore";
    private static final String JAAS = "org.apache.kafka.common.security.scram.ScramLoginModule required";

    private final Path keystore;
    private final Path certificate;
    private final String password;

    private BrokerSecurity(Path directory, String password) {
        this.keystore = directory.resolve("broker.p12");
        this.certificate = directory.resolve("broker.pem");
        this.password = password;
    }

    /** Makes a key and its certificate in a directory; the password is that of {@link #USER}. */
    public static BrokerSecurity in(Path directory, String password) throws IOException, InterruptedException {
        BrokerSecurity security = new BrokerSecurity(Files.createDirectories(directory), password);
        String store = security.keystore.toString();
        keytool(
                "-genkeypair -alias broker -keyalg EC -groupname secp256r1 -validity 2 -dname CN=localhost -ext san=dns:localhost",
                store);
        keytool("-exportcert -rfc -alias broker -file " + security.certificate, store);
        return security;
    }

    private static void keytool(String command, String store) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(command.split(" ")));
        line.add(0, Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.addAll(List.of("-keystore", store, "-storetype", "PKCS12", "-storepass", STORE_PASSWORD));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(60, SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool did not do %s: %s".formatted(command, output));
        }
    }

    /** What the broker knows of the user before it starts. */
    List<String> credentials() {
        return List.of("SCRAM-SHA-512=[name=%s,password=%s]".formatted(USER, password));
    }

    /** Settings of the broker for a listener by the name of CLIENT. */
    Map<String, String> ofBroker() {
        return Map.of(
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-512",
                "listener.name.client.scram-sha-512.sasl.jaas.config",
                JAAS + ";",
                "listener.name.client.ssl.keystore.location",
                keystore.toString(),
                "listener.name.client.ssl.keystore.type",
                "PKCS12",
                "listener.name.client.ssl.keystore.password",
                STORE_PASSWORD);
    }

    /** Settings of a service or of the command line for whoever says this name and password. */
    public Map<String, String> ofClient(String bootstrapServers, String user, String said) {
        return new TreeMap<>(Map.of(
                "kafka.bootstrap.servers",
                bootstrapServers,
                "kafka.security.protocol",
                "SASL_SSL",
                "kafka.sasl.mechanism",
                "SCRAM-SHA-512",
                "kafka.sasl.jaas.config",
                "%s username=\"%s\" password=\"%s\";".formatted(JAAS, user, said),
                "kafka.ssl.truststore.type",
                "PEM",
                "kafka.ssl.truststore.location",
                certificate.toString()));
    }

    /** How a client of the broker reaches it. */
    KafkaSettings kafka(String bootstrapServers) {
        Map<String, String> settings = ofClient(bootstrapServers, USER, password);
        return KafkaSettings.of(settings.keySet(), name -> Optional.ofNullable(settings.get(name)));
    }
}
