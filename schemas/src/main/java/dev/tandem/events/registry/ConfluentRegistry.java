package dev.tandem.events.registry;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.Schema;

/**
 * A registry that speaks Confluent's interface (Schema Registry API, version 7).
 *
 * <p>Only its own error codes say that something is not there: a 404 of somebody else, as of a wrong address, says nothing.
 */
final class ConfluentRegistry implements SchemaRegistry {
    private static final int SUBJECT_NOT_FOUND = 40401;
    private static final int SCHEMA_NOT_FOUND = 40403;
    private static final int RULE_NOT_FOUND = 40408;

    private final RegistryHttp http;
    private final String address;

    ConfluentRegistry(RegistrySettings settings) {
        this.http = new RegistryHttp(settings, "application/vnd.schemaregistry.v1+json");
        this.address = settings.toString();
    }

    @Override
    public Schema schema(int id) throws UnusableSchemaException, InterruptedException {
        RegistryHttp.Answer answer = http.get("/schemas/ids/" + id);
        if (says(answer, SCHEMA_NOT_FOUND)) {
            throw SchemaText.unknown(id, address);
        }
        String schema = http.text(answer, answer.json().path("schema"));
        String type = answer.json().path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new UnusableSchemaException(
                    "Expected an Avro schema under id %d at %s, got one of type %s".formatted(id, address, type));
        }
        return SchemaText.parse(schema, id, address);
    }

    @Override
    public OptionalInt find(String subject, Schema schema) throws InterruptedException {
        RegistryHttp.Answer answer = http.post("/subjects/" + RegistryHttp.segment(subject), body(schema));
        return says(answer, SUBJECT_NOT_FOUND) || says(answer, SCHEMA_NOT_FOUND)
                ? OptionalInt.empty()
                : OptionalInt.of(id(answer));
    }

    @Override
    public int register(String subject, Schema schema) throws InterruptedException {
        String path = "/subjects/" + RegistryHttp.segment(subject) + "/versions";
        if (says(http.get(path), SUBJECT_NOT_FOUND)) { // before the first version, so that none comes without
            RegistryHttp.Answer answer =
                    http.put("/config/" + RegistryHttp.segment(subject), object("compatibility", COMPATIBILITY));
            if (answer.status() != RegistryHttp.OK) {
                throw http.unexpected(answer);
            }
        }
        return id(http.post(path, body(schema)));
    }

    @Override
    public Optional<String> compatibility(String subject) throws InterruptedException {
        RegistryHttp.Answer answer = http.get("/config/" + RegistryHttp.segment(subject));
        if (says(answer, SUBJECT_NOT_FOUND) || says(answer, RULE_NOT_FOUND)) {
            return Optional.empty();
        }
        return Optional.of(http.text(answer, answer.json().path("compatibilityLevel")));
    }

    @Override
    public String address() {
        return address;
    }

    private int id(RegistryHttp.Answer answer) {
        return http.number(answer, answer.json().path("id"));
    }

    private static boolean says(RegistryHttp.Answer answer, int error) {
        return answer.status() == RegistryHttp.NOT_FOUND
                && answer.json().path("error_code").asInt() == error;
    }

    private static String body(Schema schema) {
        return object("schema", schema.toString());
    }

    private static String object(String name, String value) {
        return new JsonMapper().createObjectNode().put(name, value).toString();
    }
}
