package dev.tandem.evaluator;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The packaged service as a process of its own, which takes orders. */
final class ServiceProcess implements AutoCloseable {
    static final String TOKEN = "a token for this test";
    private static final Path SERVICE = Path.of("target/quarkus-app/quarkus-run.jar");

    private final Process process;
    private final URI root;

    private ServiceProcess(Process process, URI root) {
        this.process = process;
        this.root = root;
    }

    /** To be called first: a test that needs the package is skipped where there is none. */
    static void assumeBuilt() {
        assumeTrue(Files.exists(SERVICE), "%s is not built: run mvn verify".formatted(SERVICE));
    }

    /** Begins to start it; its output goes to a file of this name in {@code target}. */
    static ServiceProcess start(RingAround ring, String log) throws IOException {
        int port = freePort();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dai.djl.offline=true",
                        "-Dquarkus.http.port=" + port,
                        "-Dkafka.bootstrap.servers=" + ring.kafka().servers(),
                        "-Devaluator.store=" + ring.storeDirectory(),
                        "-Devaluator.token=" + TOKEN,
                        "-jar",
                        SERVICE.toString())
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", log).toFile())
                .start();
        return new ServiceProcess(process, URI.create("http://127.0.0.1:%d/".formatted(port)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    URI root() {
        return root;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
