package dev.tandem.quickstart.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What deploy/kubernetes says of the services is what they are. */
class KubernetesServicesTest {
    private static final Path DIRECTORY = YamlFile.ROOT.resolve("deploy/kubernetes");
    private static final String PORT = "8080"; // as the images have it

    @Test
    void areConfiguredByVariablesThatTheyRead() {
        for (String service : ServiceSettings.services()) {
            List<String> variables = new ArrayList<>();
            container(workload(service))
                    .path("env")
                    .forEach(variable -> variables.add(variable.path("name").asText()));

            assertEquals(new HashSet<>(variables).size(), variables.size(), "one stands twice: " + variables);
            assertTrue(variables.size() > 10, variables::toString);
            variables.forEach(variable ->
                    assertTrue(ServiceSettings.reads(service, variable), service + " does not read " + variable));
        }
    }

    @Test
    void areAskedWhereTheyAnswer() {
        for (String service : ServiceSettings.services()) {
            JsonNode container = container(workload(service));
            JsonNode port = container.path("ports").path(0);
            JsonNode front = named(file("base", service), "Service", service).path("spec");

            assertEquals(PORT, port.path("containerPort").asText());
            assertEquals(port.path("name"), front.path("ports").path(0).path("targetPort"));
            assertEquals(
                    labels(workload(service)).path("app.kubernetes.io/name"),
                    front.path("selector").path("app.kubernetes.io/name"));
            assertEquals("/q/health/live", path(container, "startupProbe"));
            assertEquals("/q/health/live", path(container, "livenessProbe"));
            assertEquals("/q/health/ready", path(container, "readinessProbe"));
        }
        JsonNode endpoint = file("components/monitoring", "services")
                .get(0)
                .path("spec")
                .path("endpoints")
                .path(0);
        assertEquals("/q/metrics", endpoint.path("path").asText());
        assertEquals("http", endpoint.path("port").asText());
    }

    @Test
    void mayDoNothingThatTheyNeedNot() {
        for (String service : ServiceSettings.services()) {
            JsonNode pod = workload(service).path("spec").path("template").path("spec");
            List<JsonNode> containers = new ArrayList<>();
            pod.path("containers").forEach(containers::add);
            pod.path("initContainers").forEach(containers::add);

            assertTrue(pod.path("securityContext").path("runAsNonRoot").asBoolean(), service);
            assertEquals(
                    "RuntimeDefault",
                    pod.at("/securityContext/seccompProfile/type").asText());
            assertFalse(pod.path("automountServiceAccountToken").asBoolean(true), service);
            assertFalse(
                    pod.path("enableServiceLinks").asBoolean(true),
                    "a service named miner makes variables like MINER_PORT, which are no settings");
            for (JsonNode container : containers) {
                JsonNode security = container.path("securityContext");
                assertTrue(security.path("readOnlyRootFilesystem").asBoolean(), service);
                assertFalse(security.path("allowPrivilegeEscalation").asBoolean(true), service);
                assertEquals("ALL", security.at("/capabilities/drop/0").asText());
                assertTrue(container.at("/resources/limits").has("memory"), service);
            }
        }
    }

    @Test
    void areSecuredByNothingThatStandsInAFile() {
        for (String service : ServiceSettings.services()) {
            for (JsonNode variable : container(workload(service)).path("env")) {
                String name = variable.path("name").asText();
                if (name.matches(".*_(TOKEN|PASSWORD)|AWS_.*|.*JAAS.*")) {
                    assertTrue(variable.at("/valueFrom/secretKeyRef").has("key"), name);
                }
            }
        }
    }

    @Test
    void areAsManyAsTheyMayBe() {
        assertEquals(1, workload("trainer").at("/spec/replicas").asInt());
        assertEquals(1, workload("evaluator").at("/spec/replicas").asInt());
        assertEquals("Recreate", workload("evaluator").at("/spec/strategy/type").asText());
        JsonNode scaling = file("components/scaling", "miner").get(0).path("spec");
        String topic = scaling.at("/triggers/0/metadata/topic").asText();
        JsonNode partitions = named(file("base", "topics"), "KafkaTopic", topic).at("/spec/partitions");
        assertEquals(partitions, scaling.path("maxReplicaCount"), "miners beyond the partitions have nothing to do");
    }

    @Test
    void findAsManyCopiesOfEachTopicAsTheirBrokerKeeps() {
        JsonNode kafka = named(file("base", "kafka"), "Kafka", "tandem").at("/spec/kafka/config");
        Set<String> replicas = new TreeSet<>();
        file("base", "topics")
                .forEach(topic -> replicas.add(topic.at("/spec/replicas").asText()));

        assertEquals(Set.of(kafka.path("default.replication.factor").asText()), replicas);
    }

    private static JsonNode workload(String service) {
        return file("base", service).get(0);
    }

    private static JsonNode labels(JsonNode workload) {
        return workload.at("/spec/template/metadata/labels");
    }

    private static JsonNode container(JsonNode workload) {
        return workload.at("/spec/template/spec/containers/0");
    }

    private static String path(JsonNode container, String probe) {
        assertEquals("http", container.path(probe).at("/httpGet/port").asText());
        return container.path(probe).at("/httpGet/path").asText();
    }

    private static List<JsonNode> file(String directory, String name) {
        return YamlFile.documents(DIRECTORY.resolve(directory).resolve(name + ".yaml"));
    }

    private static JsonNode named(List<JsonNode> resources, String kind, String name) {
        return resources.stream()
                .filter(resource -> resource.path("kind").asText().equals(kind))
                .filter(resource -> resource.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
