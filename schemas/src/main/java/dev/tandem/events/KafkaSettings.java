package dev.tandem.events;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How Kafka is reached: what every client is given, whatever it is for, so that TLS, SASL and all else is set once; and how
 * the events on its topics are written ({@link EventSettings}).
 *
 * <p>They are Kafka's own client settings behind {@code kafka.}, in a service's configuration as in the file of the
 * command line: {@code kafka.bootstrap.servers}, {@code kafka.security.protocol}. What a client needs for Tandem's
 * guarantees (isolation, transactions, offsets, sizes of records) it sets itself, and that holds.
 */
public final class KafkaSettings {
    private static final String PREFIX = "kafka.";
    private static final String DEFAULT_SERVERS = "localhost:9092";

    private final Map<String, String> client;
    private final EventSettings events;

    private KafkaSettings(Map<String, String> client, EventSettings events) {
        this.client = new TreeMap<>(client);
        this.events = events;
        this.client.putIfAbsent(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, DEFAULT_SERVERS);
    }

    /** A broker without TLS and passwords, as on this machine, and events as they are by default. */
    public static KafkaSettings at(String bootstrapServers) {
        return new KafkaSettings(
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers), EventSettings.DEFAULT);
    }

    /**
     * Those settings of a configuration that begin with {@code kafka.} or {@code events.}; the broker is localhost:9092
     * unless it says otherwise.
     *
     * @param names of all settings
     * @param value of a setting, empty where it has none
     */
    public static KafkaSettings of(Iterable<String> names, Function<String, Optional<String>> value) {
        Map<String, String> client = new HashMap<>();
        for (String name : names) {
            if (name.startsWith(PREFIX)) {
                value.apply(name).ifPresent(found -> client.put(name.substring(PREFIX.length()), found));
            }
        }
        return new KafkaSettings(client, EventSettings.of(value));
    }

    /** These, with other brokers. */
    public KafkaSettings withServers(String bootstrapServers) {
        Map<String, String> changed = new HashMap<>(client);
        changed.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, requireNonNull(bootstrapServers, "servers are null"));
        return new KafkaSettings(changed, events);
    }

    /** How events are written, and where their registry is. */
    public EventSettings events() {
        return events;
    }

    /** Addresses of the brokers. */
    public String servers() {
        return client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    }

    /** How they are spoken to: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL. */
    String protocol() {
        return client.getOrDefault(
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL);
    }

    /** The settings of a client: these, and the client's own, which win. */
    public Map<String, Object> with(Map<String, Object> own) {
        Map<String, Object> all = new HashMap<>(client);
        all.putAll(own);
        return all;
    }

    /** Names only the brokers: the rest may hold passwords. */
    @Override
    public String toString() {
        return servers();
    }
}
