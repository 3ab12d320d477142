package dev.tandem.events.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Requests to a registry: text both ways, answered whole within ten seconds and a megabyte or not at all. */
final class RegistryHttp {
    static final int OK = 200;
    static final int NO_CONTENT = 204;
    static final int NOT_FOUND = 404;
    static final int CONFLICT = 409;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;
    private static final int TO_ANSWER_SECONDS = 10;
    private static final int MOST_WORDS = 300;
    private static final JsonMapper JSON = new JsonMapper();

    private final RegistrySettings settings;
    private final String contentType;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // some proxies do not let an upgrade through
            .connectTimeout(Duration.ofSeconds(TO_ANSWER_SECONDS))
            .build();

    /** An answer of the registry itself. */
    record Answer(String request, int status, String text) {
        /** Missing where the text is no JSON. */
        JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                return MissingNode.getInstance();
            }
        }
    }

    RegistryHttp(RegistrySettings settings, String contentType) {
        this.settings = settings;
        this.contentType = contentType;
    }

    Answer get(String path) throws InterruptedException {
        return send("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    Answer post(String path, String body) throws InterruptedException {
        return send("POST", path, HttpRequest.BodyPublishers.ofString(body, UTF_8));
    }

    Answer put(String path, String body) throws InterruptedException {
        return send("PUT", path, HttpRequest.BodyPublishers.ofString(body, UTF_8));
    }

    /** A name as one segment of a path. */
    static String segment(String name) {
        return URLEncoder.encode(name, UTF_8).replace("+", "%20");
    }

    private Answer send(String method, String path, HttpRequest.BodyPublisher body) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.url() + path))
                .header("accept", "application/vnd.schemaregistry.v1+json, application/json, */*;q=0.1")
                .header("content-type", contentType)
                .method(method, body);
        settings.authorization().ifPresent(credentials -> request.header("authorization", credentials));
        CompletableFuture<HttpResponse<String>> response =
                client.sendAsync(request.build(), information -> new LimitedText());
        try {
            HttpResponse<String> answer = response.get(TO_ANSWER_SECONDS, SECONDS);
            Answer read = new Answer(method + " " + path, answer.statusCode(), answer.body());
            if (answer.headers().firstValue("content-type").orElse("").startsWith("text/html")) {
                throw unexpected(read); // somebody who stands before the registry
            }
            return read;
        } catch (ExecutionException e) {
            throw silent(reason(e.getCause()), e);
        } catch (TimeoutException e) {
            throw silent("no answer within %d s".formatted(TO_ANSWER_SECONDS), e);
        } finally {
            response.cancel(true);
        }
    }

    /** A connection that was refused says so by its type alone. */
    private static String reason(Throwable cause) {
        Throwable innermost = cause;
        while (innermost.getMessage() == null && innermost.getCause() instanceof IOException) {
            innermost = innermost.getCause();
        }
        return innermost.toString();
    }

    private RegistryException silent(String reason, Exception cause) {
        return new RegistryException(
                true,
                "No schema registry answers at %s: %s".formatted(settings, reason),
                "Is it up, and does events.registry.url lead to it from here?",
                cause);
    }

    /** A field of an answer, which has to be well and to have it. */
    int number(Answer answer, JsonNode field) {
        if (answer.status() != OK || !field.canConvertToInt()) {
            throw unexpected(answer);
        }
        return field.asInt();
    }

    /** A field of an answer, which has to be well and to have it. */
    String text(Answer answer, JsonNode field) {
        if (answer.status() != OK || !field.isTextual()) {
            throw unexpected(answer);
        }
        return field.asText();
    }

    /** What an answer means that is none to what was asked. */
    RegistryException unexpected(Answer answer) {
        String said = "%s to %s".formatted(answer.status(), answer.request());
        if (answer.status() == UNAUTHORIZED || answer.status() == FORBIDDEN) {
            return new RegistryException(
                    false,
                    "The schema registry at %s does not allow it: status %s".formatted(settings, said),
                    "Check events.registry.user and events.registry.password, and what that user may do there.");
        }
        boolean isRefused = answer.status() == CONFLICT // of Confluent's interface
                || answer.json().path("name").asText().equals("RuleViolationException"); // of Apicurio's, a 400
        if (isRefused) {
            return new RegistryException(
                    false,
                    "The schema registry at %s refuses a schema: status %s, %s"
                            .formatted(settings, said, words(answer)),
                    "The subject holds a schema of somebody else's: remove it, or use another registry or group.");
        }
        boolean canPass = answer.status() >= SERVER_ERROR || answer.status() == TOO_MANY;
        return new RegistryException(
                canPass,
                "The schema registry at %s gives no answer: status %s, %s".formatted(settings, said, words(answer)),
                canPass
                        ? "See its log."
                        : "Is events.registry.url the base of the interface that events.registry.api (%s) names? See schemas/README.md."
                                .formatted(settings.api().name().toLowerCase(Locale.ROOT)));
    }

    private static String words(Answer answer) {
        JsonNode json = answer.json();
        String said = json.path("message").asText(json.path("title").asText(answer.text()));
        String text = said.strip().replaceAll("\\s+", " ");
        return text.length() > MOST_WORDS ? text.substring(0, MOST_WORDS) + "…" : text;
    }
}
