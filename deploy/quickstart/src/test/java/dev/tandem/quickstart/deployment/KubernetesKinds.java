package dev.tandem.quickstart.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;

/**
 * Reads a resource into the class that its project publishes, and refuses what that class does not know: a misspelt field
 * is dropped in silence by a cluster.
 */
final class KubernetesKinds {
    /** By name, for their own annotations are not on the class path, and a compiler that met them would warn of that. */
    private static final Map<String, String> CLASSES = Map.ofEntries(
            Map.entry("v1/Namespace", "io.fabric8.kubernetes.api.model.Namespace"),
            Map.entry("v1/Service", "io.fabric8.kubernetes.api.model.Service"),
            Map.entry("apps/v1/Deployment", "io.fabric8.kubernetes.api.model.apps.Deployment"),
            Map.entry("apps/v1/StatefulSet", "io.fabric8.kubernetes.api.model.apps.StatefulSet"),
            Map.entry("policy/v1/PodDisruptionBudget", "io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget"),
            Map.entry(
                    "networking.k8s.io/v1/NetworkPolicy",
                    "io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy"),
            Map.entry(
                    "monitoring.coreos.com/v1/ServiceMonitor",
                    "io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor"),
            Map.entry("kafka.strimzi.io/v1/Kafka", "io.strimzi.api.kafka.model.kafka.Kafka"),
            Map.entry("kafka.strimzi.io/v1/KafkaNodePool", "io.strimzi.api.kafka.model.nodepool.KafkaNodePool"),
            Map.entry("kafka.strimzi.io/v1/KafkaTopic", "io.strimzi.api.kafka.model.topic.KafkaTopic"),
            Map.entry("kafka.strimzi.io/v1/KafkaUser", "io.strimzi.api.kafka.model.user.KafkaUser"),
            Map.entry("keda.sh/v1alpha1/ScaledObject", ScaledObject.class.getName()),
            Map.entry("keda.sh/v1alpha1/TriggerAuthentication", TriggerAuthentication.class.getName()));

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new KnownFieldsOnly())
            .build();

    private KubernetesKinds() {}

    /** The published classes keep fields they do not know in a map; without that map Jackson refuses them. */
    private static final class KnownFieldsOnly extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated member) {
            return false;
        }
    }

    static boolean knows(JsonNode resource) {
        return CLASSES.containsKey(name(resource));
    }

    static String name(JsonNode resource) {
        return resource.path("apiVersion").asText() + "/"
                + resource.path("kind").asText();
    }

    /**
     * Reads a resource.
     *
     * @throws JsonProcessingException if it has a field or a value that its kind does not have
     */
    static Object read(JsonNode resource) throws JsonProcessingException {
        try {
            return STRICT.treeToValue(resource, Class.forName(CLASSES.get(name(resource))));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("The class of %s is not on the class path".formatted(name(resource)), e);
        }
    }

    /** KEDA publishes no Java classes: these are the fields of its documentation that are used here. */
    record ScaledObject(String apiVersion, String kind, Named metadata, ScaledObjectSpec spec) {}

    record Named(String name, String namespace) {}

    record ScaledObjectSpec(
            Target scaleTargetRef,
            int minReplicaCount,
            int maxReplicaCount,
            Advanced advanced,
            List<Trigger> triggers) {}

    record Advanced(AutoscalerConfig horizontalPodAutoscalerConfig) {}

    record AutoscalerConfig(Behavior behavior) {}

    record Behavior(Scaling scaleDown, Scaling scaleUp) {}

    record Scaling(int stabilizationWindowSeconds) {}

    record Target(String apiVersion, String kind, String name) {}

    record Trigger(String type, Map<String, String> metadata, AuthenticationRef authenticationRef) {}

    record AuthenticationRef(String name, String kind) {}

    record TriggerAuthentication(String apiVersion, String kind, Named metadata, TriggerAuthenticationSpec spec) {}

    record TriggerAuthenticationSpec(List<Parameter> secretTargetRef, List<Parameter> configMapTargetRef) {}

    record Parameter(String parameter, String name, String key) {}
}
