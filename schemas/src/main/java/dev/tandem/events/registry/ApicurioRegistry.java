package dev.tandem.events.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * Apicurio by its own interface (Registry REST API, version 3): a subject is an artifact of a group, an id a content id, as
 * its own serdes have it by default.
 */
final class ApicurioRegistry implements SchemaRegistry {
    private static final Set<String> NOT_THERE = Set.of("ArtifactNotFoundException", "RuleNotFoundException");

    private final RegistryHttp http;
    private final String address;
    private final String group;

    ApicurioRegistry(RegistrySettings settings) {
        this.http = new RegistryHttp(settings, "application/json");
        this.address = settings.toString();
        this.group = RegistryHttp.segment(settings.group());
    }

    @Override
    public Schema schema(int id) throws UnusableSchemaException, InterruptedException {
        RegistryHttp.Answer answer = http.get("/ids/contentIds/" + id);
        if (says(answer, Set.of("ContentNotFoundException"))) {
            throw SchemaText.unknown(id, address);
        }
        if (answer.status() != RegistryHttp.OK) {
            throw http.unexpected(answer);
        }
        return SchemaText.parse(answer.text(), id, address);
    }

    @Override
    public OptionalInt find(String subject, Schema schema) throws InterruptedException {
        RegistryHttp.Answer answer = http.post(
                "/search/versions?groupId=%s&artifactId=%s".formatted(group, RegistryHttp.segment(subject)),
                schema.toString());
        JsonNode versions = answer.json().path("versions");
        if (answer.status() != RegistryHttp.OK || !versions.isArray()) {
            throw http.unexpected(answer);
        }
        return versions.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(http.number(answer, versions.get(0).path("contentId")));
    }

    @Override
    public int register(String subject, Schema schema) throws InterruptedException {
        ObjectNode artifact = new JsonMapper().createObjectNode();
        artifact.put("artifactId", subject).put("artifactType", "AVRO");
        artifact.putObject("firstVersion")
                .putObject("content")
                .put("contentType", "application/json")
                .put("content", schema.toString());
        RegistryHttp.Answer answer =
                http.post("/groups/%s/artifacts?ifExists=FIND_OR_CREATE_VERSION".formatted(group), artifact.toString());
        int id = http.number(answer, answer.json().path("version").path("contentId"));
        if (compatibility(subject).isEmpty()) {
            demandCompatibility(subject);
        }
        return id;
    }

    private void demandCompatibility(String subject) throws InterruptedException {
        ObjectNode rule = new JsonMapper().createObjectNode();
        rule.put("ruleType", "COMPATIBILITY").put("config", COMPATIBILITY);
        RegistryHttp.Answer answer = http.post(rules(subject), rule.toString());
        boolean anotherWasFaster = says(answer, Set.of("RuleAlreadyExistsException"), RegistryHttp.CONFLICT);
        if (answer.status() != RegistryHttp.NO_CONTENT && !anotherWasFaster) {
            throw http.unexpected(answer);
        }
    }

    @Override
    public Optional<String> compatibility(String subject) throws InterruptedException {
        RegistryHttp.Answer answer = http.get(rules(subject) + "/COMPATIBILITY");
        if (says(answer, NOT_THERE)) {
            return Optional.empty();
        }
        return Optional.of(http.text(answer, answer.json().path("config")));
    }

    @Override
    public String address() {
        return address;
    }

    private String rules(String subject) {
        return "/groups/%s/artifacts/%s/rules".formatted(group, RegistryHttp.segment(subject));
    }

    private static boolean says(RegistryHttp.Answer answer, Set<String> names) {
        return says(answer, names, RegistryHttp.NOT_FOUND);
    }

    private static boolean says(RegistryHttp.Answer answer, Set<String> names, int status) {
        return answer.status() == status
                && names.contains(answer.json().path("name").asText());
    }
}
