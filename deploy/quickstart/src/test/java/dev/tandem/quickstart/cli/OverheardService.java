package dev.tandem.quickstart.cli;

import dev.tandem.quickstart.process.ChildProcess;
import dev.tandem.quickstart.process.FreePort;
import dev.tandem.quickstart.process.JavaCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A packaged service as a child process, and all that it says: its log, and its answers over HTTP. */
final class OverheardService implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final ChildProcess process;
    private final URI address;

    private OverheardService(ChildProcess process, URI address) {
        this.process = process;
        this.address = address;
    }

    static OverheardService start(
            String name, Map<String, String> properties, Map<String, String> environment, Path directory) {
        int port = FreePort.next();
        Map<String, String> all = new LinkedHashMap<>(properties);
        all.put("ai.djl.offline", "true");
        all.put("quarkus.http.port", String.valueOf(port));
        all.put(name + ".store", directory.resolve("store").toString());
        Path jar = Path.of("../../%s-service/target/quarkus-app/quarkus-run.jar".formatted(name));
        JavaCommand command = JavaCommand.jar(jar.toAbsolutePath(), 256, all);
        return new OverheardService(
                new ChildProcess(name, command, environment, directory, death -> {}).start(),
                URI.create("http://127.0.0.1:%d/".formatted(port)));
    }

    boolean isReady() {
        return get("q/health/ready").contains("\"status\": \"UP\"");
    }

    String log() {
        try {
            return Files.readString(process.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything, each by itself. */
    List<String> said() {
        return Stream.of(log(), get("q/health"), get("q/metrics"), get("progress"))
                .toList();
    }

    /** What it answers; empty while it does not. */
    String get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(address.resolve(path))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return process.name();
    }

    @Override
    public void close() {
        process.close();
    }
}
