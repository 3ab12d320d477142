package dev.tandem.events;

import dev.tandem.events.registry.RegistryApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real Apicurio Registry as a process on this machine; for tests.
 *
 * <p>The profile {@code registry} unpacks it; it needs Java 21 or newer, by {@code TANDEM_JAVA_21} or at a usual place.
 */
final class ApicurioServer implements AutoCloseable {
    private static final int JAVA = 21;
    private static final Path JAR = Path.of("target", "apicurio", "quarkus-run.jar");
    private static final List<Path> PLACES = List.of(
            Path.of("/usr/lib/jvm"),
            Path.of("/opt/java"),
            Path.of("/Library/Java/JavaVirtualMachines"),
            Path.of(System.getProperty("user.home"), ".sdkman", "candidates", "java"));
    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)");

    private final Process process;
    private final int port;

    private ApicurioServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Why it cannot be started here; empty where it can. */
    static Optional<String> obstacle() {
        if (!Files.exists(JAR)) {
            return Optional.of(
                    "Apicurio is not in %s: run mvn -Pregistry verify -pl schemas".formatted(JAR.getParent()));
        }
        return java().isPresent()
                ? Optional.empty()
                : Optional.of("Apicurio needs Java %d or newer: name its home by TANDEM_JAVA_21".formatted(JAVA));
    }

    /** Starts it, with its schemas in memory, and waits until it answers. */
    static ApicurioServer start(Path directory) throws IOException, InterruptedException {
        return start(directory, Map.of());
    }

    /** Starts it with settings of its own, as its container has them in the environment. */
    static ApicurioServer start(Path directory, Map<String, String> environment)
            throws IOException, InterruptedException {
        int[] ports = freePorts();
        ProcessBuilder builder = new ProcessBuilder(
                        java().orElseThrow().toString(),
                        "-Xmx384m",
                        "-Dquarkus.http.host=localhost",
                        "-Dquarkus.http.port=" + ports[0],
                        "-Dquarkus.management.host=localhost",
                        "-Dquarkus.management.port=" + ports[1],
                        "-jar",
                        JAR.toAbsolutePath().toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("apicurio.log").toFile());
        builder.environment().putAll(environment);
        ApicurioServer server = new ApicurioServer(builder.start(), ports[0]);
        try {
            server.awaitAnswer();
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            try {
                if (get("/apis/registry/v3/system/info").contains("Apicurio")) {
                    return;
                }
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(200); // not yet
            }
        }
        throw new IOException("Apicurio does not answer; see apicurio.log in the directory of the test");
    }

    /** Settings of a service. */
    EventSettings events(EventEncoding encoding, RegistryApi api) {
        Map<String, String> settings = Map.of(
                "events.encoding",
                encoding.setting(),
                "events.registry.url",
                url(api == RegistryApi.CONFLUENT ? "/apis/ccompat/v7" : "/apis/registry/v3"),
                "events.registry.api",
                api.name().toLowerCase(Locale.ROOT));
        return EventSettings.of(name -> Optional.ofNullable(settings.get(name)));
    }

    String get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url(path))).build());
    }

    String post(String path, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url(path)))
                .header("content-type", "application/vnd.schemaregistry.v1+json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static String send(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private String url(String path) {
        return "http://localhost:" + port + path;
    }

    private static Optional<Path> java() {
        String named = System.getenv("TANDEM_JAVA_21");
        if (named != null) {
            return executable(Path.of(named));
        }
        return executable(Path.of(System.getProperty("java.home"))).or(ApicurioServer::installed);
    }

    private static Optional<Path> installed() {
        return PLACES.stream()
                .flatMap(ApicurioServer::homes)
                .flatMap(home -> Stream.of(home, home.resolve("Contents/Home")))
                .flatMap(home -> executable(home).stream())
                .findFirst();
    }

    private static Stream<Path> homes(Path place) {
        try (Stream<Path> homes = Files.list(place)) {
            return homes.toList().stream();
        } catch (IOException e) {
            return Stream.empty(); // there is no such place
        }
    }

    /** The program of an installation, if it is new enough. */
    private static Optional<Path> executable(Path home) {
        try {
            Matcher version = VERSION.matcher(Files.readString(home.resolve("release")));
            return version.find() && Integer.parseInt(version.group(1)) >= JAVA
                    ? Optional.of(home.resolve("bin").resolve("java"))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Two at once: one after the other they may be the same. */
    private static int[] freePorts() throws IOException {
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new int[] {first.getLocalPort(), second.getLocalPort()};
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
