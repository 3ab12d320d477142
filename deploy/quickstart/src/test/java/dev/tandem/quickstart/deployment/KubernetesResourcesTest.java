package dev.tandem.quickstart.deployment;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every resource of deploy/kubernetes is what its kind says it may be. */
class KubernetesResourcesTest {
    /** Maps whose keys are the user's. */
    private static final Set<String> FREE =
            Set.of("labels", "matchLabels", "config", "requests", "limits", "nodeSelector", "jvmOptions");

    @Test
    void haveNoFieldThatTheirKindDoesNotHave() throws IOException {
        List<JsonNode> resources = resources();

        for (JsonNode resource : resources) {
            assertTrue(KubernetesKinds.knows(resource), () -> "a kind without a class: " + resource);
            assertDoesNotThrow(() -> KubernetesKinds.read(resource), resource::toPrettyString);
        }
        assertTrue(resources.size() > 25, () -> resources.size() + " resources");
    }

    @Test
    void areRefusedWithAMisspeltFieldWhereverItStands() throws IOException {
        int tried = 0;
        for (JsonNode resource : resources()) {
            for (ObjectNode place : places(resource)) {
                for (String field : List.copyOf(names(place))) {
                    JsonNode value = place.remove(field);
                    place.set(field + "x", value);
                    assertThrows(
                            JsonProcessingException.class,
                            () -> KubernetesKinds.read(resource),
                            () -> "%sx was taken for %s in %s".formatted(field, field, resource));
                    place.remove(field + "x");
                    place.set(field, value);
                    tried++;
                }
            }
        }

        assertTrue(tried > 400, tried + " fields");
    }

    @Test
    void areRefusedWithAWordInPlaceOfANumber() throws IOException {
        JsonNode topic = resources().stream()
                .filter(resource -> resource.path("kind").asText().equals("KafkaTopic"))
                .findFirst()
                .orElseThrow();
        ((ObjectNode) topic.path("spec")).put("partitions", "two");

        assertThrows(JsonProcessingException.class, () -> KubernetesKinds.read(topic));
    }

    /** What kubectl makes of the overlays, their patches and components applied. */
    @Test
    void areSoundInEachOverlay() throws IOException, InterruptedException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "kubectl"))),
                "no kubectl on the path to render the overlays with");

        for (String overlay : List.of("cpu", "gpu")) {
            List<JsonNode> resources = YamlFile.documents(rendered(overlay));
            for (JsonNode resource : resources) {
                if (!resource.path("kind").asText().equals("ConfigMap")) {
                    assertDoesNotThrow(() -> KubernetesKinds.read(resource), resource::toPrettyString);
                }
                boolean isNamespace = resource.path("kind").asText().equals("Namespace");
                assertEquals(
                        isNamespace ? "" : "tandem",
                        resource.path("metadata").path("namespace").asText());
            }
            boolean hasGpu = resources.toString().contains("\"nvidia.com/gpu\":\"1\"");
            assertEquals(overlay.equals("gpu"), hasGpu, overlay);
        }
    }

    private static String rendered(String overlay) throws IOException, InterruptedException {
        Path directory = YamlFile.ROOT.resolve("deploy/kubernetes/overlays").resolve(overlay);
        Process kubectl = new ProcessBuilder("kubectl", "kustomize", directory.toString())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(kubectl.waitFor(1, TimeUnit.MINUTES), "still running");
            assertEquals(0, kubectl.exitValue(), said);
            return said;
        } finally {
            kubectl.destroyForcibly();
        }
    }

    private static List<JsonNode> resources() throws IOException {
        List<JsonNode> resources = new ArrayList<>();
        for (Path file : YamlFile.below("deploy/kubernetes")) {
            if (!file.endsWith("kustomization.yaml")) { // kubectl's own, and checked by it
                resources.addAll(YamlFile.documents(file));
            }
        }
        return resources;
    }

    /** Every object of a resource whose fields are its kind's. */
    private static List<ObjectNode> places(JsonNode resource) {
        List<ObjectNode> places = new ArrayList<>();
        collect(resource, places);
        places.remove(0); // the resource itself, whose apiVersion and kind decide what it is
        return places;
    }

    private static void collect(JsonNode node, List<ObjectNode> places) {
        if (node instanceof ObjectNode object) {
            places.add(object);
            object.properties().stream()
                    .filter(field -> !FREE.contains(field.getKey()))
                    .filter(field -> !isFree(object, field.getKey()))
                    .forEach(field -> collect(field.getValue(), places));
        } else {
            node.forEach(child -> collect(child, places));
        }
    }

    /** The settings of a KEDA trigger have its type's names, a service selects by labels alone. */
    private static boolean isFree(ObjectNode object, String field) {
        return (field.equals("metadata") && object.has("authenticationRef"))
                || (field.equals("selector") && !object.path(field).has("matchLabels"));
    }

    private static List<String> names(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
