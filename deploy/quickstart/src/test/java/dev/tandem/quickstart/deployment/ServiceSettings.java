package dev.tandem.quickstart.deployment;

import dev.tandem.evaluator.EvaluatorConfig;
import dev.tandem.events.EventSettings;
import dev.tandem.miner.MinerConfig;
import dev.tandem.trainer.TrainerConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Which environment variables a container of a service is configured by. */
final class ServiceSettings {
    private static final Map<String, Class<?>> CONFIGS =
            Map.of("miner", MinerConfig.class, "trainer", TrainerConfig.class, "evaluator", EvaluatorConfig.class);

    /** What is not the services' own: of SmallRye Config, the AWS SDK and the images. */
    private static final Set<String> OF_OTHERS = Set.of(
            "SMALLRYE_CONFIG_LOCATIONS", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "JAVA_OPTIONS");

    private ServiceSettings() {}

    static Set<String> services() {
        return CONFIGS.keySet();
    }

    /** Whether a variable reaches a setting of a service, of its Kafka clients or of its events. */
    static boolean reads(String service, String variable) {
        return OF_OTHERS.contains(variable)
                || variables(service).contains(variable)
                || ofEvents().contains(variable)
                || ConsumerConfig.configNames().stream()
                        .anyMatch(name -> variable("kafka." + name).equals(variable));
    }

    private static Set<String> ofEvents() {
        Set<String> asked = new HashSet<>();
        EventSettings.of(name -> {
            asked.add(variable(name));
            return name.equals("events.registry.url") ? Optional.of("http://registry") : Optional.empty();
        });
        return asked;
    }

    private static Set<String> variables(String service) {
        return ConfigMappings.getProperties(ConfigClass.configClass(CONFIGS.get(service))).keySet().stream()
                .map(ServiceSettings::variable)
                .collect(Collectors.toSet());
    }

    /** The name that MicroProfile Config looks for in the environment. */
    private static String variable(String setting) {
        return setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}
