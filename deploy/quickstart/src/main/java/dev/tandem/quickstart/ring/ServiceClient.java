package dev.tandem.quickstart.ring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** What a service answers over HTTP. */
public final class ServiceClient {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final URI address;

    public ServiceClient(URI address) {
        this.address = address;
    }

    public URI address() {
        return address;
    }

    /** Whether its web server answers. */
    public boolean answers() {
        return get("/q/health/live").isPresent();
    }

    /** What {@code GET /progress} says; empty while it does not answer, as during a restart. */
    public Optional<JsonNode> progress() {
        return get("/progress");
    }

    /** The JSON at a path; empty if it does not answer 200, or not in time. */
    public Optional<JsonNode> get(String path) {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE).build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? Optional.of(JSON.readTree(response.body())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
