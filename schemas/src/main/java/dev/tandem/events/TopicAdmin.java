package dev.tandem.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the topics with their policies where they do not exist yet; run by every service at start, in any order. */
public final class TopicAdmin {
    private static final Logger LOG = LoggerFactory.getLogger(TopicAdmin.class);
    private static final long BETWEEN_TRIES_MILLIS = 1_000;
    private static final int MOST_CAUSES = 10;

    /** What {@link #troubles} says of a topic that is not there. */
    public static final String MISSING = "missing";

    private TopicAdmin() {}

    /**
     * Creates what is missing; tries once a second until the broker answers. A host name that cannot be resolved yet is
     * waited for like a broker that does not answer.
     *
     * @param isStopped whether nobody waits any more
     * @return whether all topics are there; false only when stopped
     */
    public static boolean awaitTopics(KafkaSettings kafka, Topics topics, BooleanSupplier isStopped)
            throws InterruptedException {
        while (!isStopped.getAsBoolean()) {
            try (Admin admin = Admin.create(kafka.with(Map.of()))) {
                createMissing(admin, topics);
                return true;
            } catch (KafkaException e) {
                LOG.warn("Waiting for the broker servers={} reason={}", kafka.servers(), reason(e));
                Thread.sleep(BETWEEN_TRIES_MILLIS);
            }
        }
        return false;
    }

    /** Why a client fails, from the bottom: that a client cannot be made says nothing, that its keystore cannot be opened does. */
    public static String reason(Throwable failure) {
        Throwable bottom = failure;
        for (int depth = 0; depth < MOST_CAUSES && bottom.getCause() != null; depth++) {
            bottom = bottom.getCause();
        }
        return bottom == failure || failure.getMessage().contains(String.valueOf(bottom.getMessage()))
                ? failure.getMessage()
                : failure.getMessage() + ": " + bottom.getMessage();
    }

    /**
     * Creates what is missing and leaves what exists as it is.
     *
     * @return names of the topics created now
     * @throws KafkaException if the broker cannot be reached or refuses
     */
    public static List<String> createMissing(Admin admin, Topics topics) {
        List<String> created = new ArrayList<>();
        try {
            Set<String> existing = admin.listTopics().names().get();
            for (NewTopic topic : wanted(topics)) {
                if (!existing.contains(topic.name()) && create(admin, topic)) {
                    created.add(topic.name());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while creating topics", e);
        } catch (ExecutionException e) {
            throw new KafkaException(
                    "Cannot create topics: %s. Check that the broker is up and lets this client create topics."
                            .formatted(e.getCause().getMessage()),
                    e.getCause());
        }
        return created;
    }

    /**
     * Compares the broker's topics with what the services would create.
     *
     * @return by topic what is wrong: {@link #MISSING}, or the settings that differ; empty if nothing is
     * @throws ExecutionException if the broker cannot be asked
     */
    public static Map<String, String> troubles(Admin admin, Topics topics)
            throws ExecutionException, InterruptedException {
        Map<String, String> troubles = new TreeMap<>();
        Set<String> existing = admin.listTopics().names().get();
        for (NewTopic topic : wanted(topics)) {
            if (existing.contains(topic.name())) {
                differences(admin, topic).ifPresent(found -> troubles.put(topic.name(), found));
            } else {
                troubles.put(topic.name(), MISSING);
            }
        }
        return troubles;
    }

    private static Optional<String> differences(Admin admin, NewTopic topic)
            throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        return topic.configs().entrySet().stream()
                .filter(wanted ->
                        !wanted.getValue().equals(config.get(wanted.getKey()).value()))
                .map(wanted -> "expected %s=%s, got %s"
                        .formatted(
                                wanted.getKey(),
                                wanted.getValue(),
                                config.get(wanted.getKey()).value()))
                .sorted()
                .reduce((one, other) -> one + ", " + other);
    }

    private static List<NewTopic> wanted(Topics topics) {
        List<NewTopic> wanted = new ArrayList<>();
        topics.all().forEach(topic -> wanted.add(topic.asNewTopic()));
        wanted.add(DeadLetters.asNewTopic());
        return wanted;
    }

    private static boolean create(Admin admin, NewTopic topic) throws InterruptedException, ExecutionException {
        try {
            admin.createTopics(List.of(topic)).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false; // another service was faster
            }
            throw e;
        }
    }
}
