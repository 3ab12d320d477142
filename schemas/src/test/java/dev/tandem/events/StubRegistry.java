package dev.tandem.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** As much of a registry of Confluent's interface as a client asks for, in memory, with faults at will; for tests. */
public final class StubRegistry implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else each answer takes 40 ms
    }

    private final HttpServer server;
    private final List<String> schemas = new ArrayList<>();
    private final Map<String, List<Integer>> subjects = new LinkedHashMap<>();
    private final Map<String, String> rules = new LinkedHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Answer fault;
    private volatile String authorization = "";

    /** What it answers. */
    private record Answer(int status, String type, String text) {}

    private StubRegistry(HttpServer server) {
        this.server = server;
    }

    public static StubRegistry start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        StubRegistry registry = new StubRegistry(server);
        server.createContext("/", registry::handle);
        server.start();
        return registry;
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** Settings of a service or of the command line. */
    public Map<String, String> settings(EventEncoding encoding) {
        return Map.of("events.encoding", encoding.setting(), "events.registry.url", url());
    }

    EventSettings events(EventEncoding encoding) {
        Map<String, String> settings = settings(encoding);
        return EventSettings.of(name -> Optional.ofNullable(settings.get(name)));
    }

    /** From now on everything is answered like this. */
    void breakWith(int status, String type, String text) {
        fault = new Answer(status, type, text);
    }

    /** Answers 503 from now on. */
    public void goDown() {
        breakWith(503, "application/json", "{\"message\":\"down\"}");
    }

    public void mend() {
        fault = null;
    }

    /** How many requests have come. */
    public int asked() {
        return asked.get();
    }

    String authorization() {
        return authorization;
    }

    /** Puts a schema there as somebody else would, and returns its id. */
    public synchronized int add(String subject, String text) {
        String schema = normal(text);
        if (!schemas.contains(schema)) {
            schemas.add(schema);
        }
        int id = schemas.indexOf(schema) + 1;
        List<Integer> versions = subjects.computeIfAbsent(subject, name -> new ArrayList<>());
        if (!versions.contains(id)) {
            versions.add(id);
        }
        return id;
    }

    /** Ids by subject, oldest first. */
    synchronized Map<String, List<Integer>> subjects() {
        return new LinkedHashMap<>(subjects);
    }

    synchronized Map<String, String> rules() {
        return new LinkedHashMap<>(rules);
    }

    private void handle(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String said = exchange.getRequestHeaders().getFirst("authorization");
        authorization = said == null ? "" : said;
        Answer answer = fault != null
                ? fault
                : answer(
                        exchange.getRequestMethod() + " "
                                + exchange.getRequestURI().getPath(),
                        body.isEmpty() ? JSON.createObjectNode() : JSON.readTree(body));
        byte[] text = answer.text().getBytes(UTF_8);
        exchange.getResponseHeaders().set("content-type", answer.type());
        exchange.sendResponseHeaders(answer.status(), text.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(text);
        }
    }

    private synchronized Answer answer(String request, JsonNode body) {
        String name = request.replaceAll("^\\S+ /[^/]+/([^/]+).*", "$1");
        String schema = normal(body.path("schema").asText());
        if (request.startsWith("GET /schemas/ids/")) {
            int id = Integer.parseInt(request.substring(request.lastIndexOf('/') + 1));
            return id > schemas.size() ? error(40403) : ok("schema", schemas.get(id - 1));
        }
        if (request.startsWith("PUT /config/")) {
            rules.put(name, body.path("compatibility").asText());
            return ok("compatibility", rules.get(name));
        }
        if (request.startsWith("GET /config/")) {
            return rules.containsKey(name) ? ok("compatibilityLevel", rules.get(name)) : error(40408);
        }
        if (request.startsWith("POST /subjects/") && request.endsWith("/versions")) {
            return new Answer(200, "application/json", "{\"id\":%d}".formatted(add(name, schema)));
        }
        if (!subjects.containsKey(name)) {
            return error(40401);
        }
        int id = schemas.indexOf(schema) + 1;
        return request.startsWith("GET") || subjects.get(name).contains(id)
                ? new Answer(200, "application/json", "{\"id\":%d}".formatted(id))
                : error(40403);
    }

    /** Spaces and the order of a definition's parts make no other schema. */
    private static String normal(String schema) {
        try {
            return new Schema.Parser().parse(schema).toString();
        } catch (AvroRuntimeException e) {
            return schema;
        }
    }

    private static Answer ok(String name, String value) {
        return new Answer(
                200,
                "application/vnd.schemaregistry.v1+json",
                JSON.createObjectNode().put(name, value).toString());
    }

    private static Answer error(int code) {
        return new Answer(
                404,
                "application/vnd.schemaregistry.v1+json",
                "{\"error_code\":%d,\"message\":\"not found\"}".formatted(code));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
