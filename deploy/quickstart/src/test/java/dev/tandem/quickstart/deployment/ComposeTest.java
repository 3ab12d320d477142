package dev.tandem.quickstart.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** docker-compose.yml and its overrides say of the services what they are. */
class ComposeTest {
    private static final JsonNode COMPOSE = of("docker-compose.yml");
    private static final List<JsonNode> ALL =
            List.of(COMPOSE, of("deploy/docker/s3.yml"), of("deploy/docker/registry.yml"), of("deploy/docker/gpu.yml"));

    @Test
    void configuresTheServicesByVariablesThatTheyRead() {
        for (JsonNode file : ALL) {
            for (String service : ServiceSettings.services()) {
                file.path("services")
                        .path(service)
                        .path("environment")
                        .fieldNames()
                        .forEachRemaining(variable -> assertTrue(
                                ServiceSettings.reads(service, variable), service + " does not read " + variable));
            }
        }
    }

    @Test
    void publishesTheDashboardsAndTheBrokerToThisMachineAlone() {
        Set<String> published = new TreeSet<>();
        for (JsonNode file : ALL) {
            file.path("services")
                    .properties()
                    .forEach(service -> service.getValue()
                            .path("ports")
                            .forEach(port -> published.add(service.getKey() + " " + port.asText())));
        }

        assertEquals(
                Set.of("evaluator 127.0.0.1:8083:8080", "grafana 127.0.0.1:3000:3000", "kafka 127.0.0.1:9094:9094"),
                published);
    }

    @Test
    void mountsWhatIsThere() {
        for (JsonNode file : ALL) {
            for (JsonNode service : file.path("services")) {
                for (JsonNode mount : service.path("volumes")) {
                    String source = mount.asText()
                            .replaceAll("\\$\\{[A-Z_]+:-(.*?)}", "$1")
                            .replaceAll(":.*", "");
                    boolean isThere = source.startsWith("./")
                            ? Files.exists(YamlFile.ROOT.resolve(source))
                            : ALL.stream()
                                    .anyMatch(other -> other.path("volumes").has(source));
                    assertTrue(isThere, () -> "nothing at " + mount);
                }
            }
        }
    }

    @Test
    void waitsForServicesThatAreThere() {
        for (JsonNode file : ALL) {
            for (JsonNode service : file.path("services")) {
                service.path("depends_on")
                        .fieldNames()
                        .forEachRemaining(other -> assertTrue(
                                COMPOSE.path("services").has(other)
                                        || file.path("services").has(other),
                                other));
            }
        }
    }

    @Test
    void letsNoContainerDoWhatItNeedNot() {
        COMPOSE.path("services").properties().forEach(service -> {
            JsonNode container = service.getValue();
            assertEquals("ALL", container.at("/cap_drop/0").asText(), service.getKey());
            assertEquals(
                    "no-new-privileges:true", container.at("/security_opt/0").asText());
            assertTrue(container.has("mem_limit"), service.getKey());
            assertEquals(
                    !service.getKey().equals("kafka"),
                    container.path("read_only").asBoolean(),
                    service.getKey());
        });
    }

    @Test
    void takesMetricsFromWhereTheyAre() {
        JsonNode prometheus = of("deploy/grafana/prometheus.yml");

        Map<String, String> jobs = new TreeMap<>();
        prometheus.path("scrape_configs").forEach(job -> {
            assertEquals("/q/metrics", job.path("metrics_path").asText());
            jobs.put(
                    job.path("job_name").asText(),
                    job.at("/static_configs/0/targets/0").asText());
        });

        assertEquals(Map.of("miner", "miner:8080", "trainer", "trainer:8080", "evaluator", "evaluator:8080"), jobs);
    }

    @Test
    void buildsImagesThatListenAndAreAskedWhereTheRestSays() throws IOException {
        for (String file : List.of("Dockerfile", "Dockerfile.gpu")) {
            String text =
                    Files.readString(YamlFile.ROOT.resolve("deploy/docker").resolve(file));

            assertTrue(text.contains("QUARKUS_HTTP_PORT=8080"), file);
            assertTrue(text.contains("EXPOSE 8080"), file);
            assertTrue(text.contains("http://localhost:8080/q/health/ready"), file);
            assertTrue(text.contains("USER 1001:1001"), file);
        }
    }

    private static JsonNode of(String file) {
        return YamlFile.documents(Path.of(YamlFile.ROOT.toString(), file)).get(0);
    }
}
