package dev.tandem.events;

import dev.tandem.events.registry.RegistryException;
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
    private static final int TRIES_BETWEEN_WORDS = 60;

    /** What {@link #troubles} says of a topic that is not there. */
    public static final String MISSING = "missing";

    private TopicAdmin() {}

    /** Somebody who does not answer as he should. */
    private record Trouble(String who, boolean canPass, String sentence) {
        void tell() {
            if (canPass) {
                LOG.warn("Waiting for the {}. {}", who, sentence);
            } else {
                LOG.error("Waiting for somebody to mend this. {}", sentence);
            }
        }
    }

    /**
     * Creates what is missing, topics and then schemas in the registry if there is one; tries once a second until both
     * answer, and logs what is wrong. A host name that cannot be resolved yet is waited for, and so are a user, a password or
     * an ACL that is not known there yet.
     *
     * @param isStopped whether nobody waits any more
     * @return whether all is there; false only when stopped
     */
    public static boolean awaitTopics(KafkaSettings kafka, Topics topics, BooleanSupplier isStopped)
            throws InterruptedException {
        String told = "";
        for (int tries = 0; !isStopped.getAsBoolean(); tries++) {
            Optional<Trouble> trouble = attempt(kafka, topics);
            if (trouble.isEmpty()) {
                trouble = attempt(topics);
            }
            if (trouble.isEmpty()) {
                return true;
            }
            Thread.sleep(BETWEEN_TRIES_MILLIS); // who stops interrupts, and that is no trouble
            String sentence = trouble.get().sentence();
            if (tries % TRIES_BETWEEN_WORDS == 0 || !sentence.equals(told)) {
                trouble.get().tell();
            }
            told = sentence;
        }
        return false;
    }

    private static Optional<Trouble> attempt(KafkaSettings kafka, Topics topics) {
        Optional<BrokerTrouble> known = BrokerTrouble.beforehand(kafka);
        if (known.isPresent()) {
            return known.map(TopicAdmin::trouble);
        }
        try (Admin admin = Admin.create(kafka.with(Map.of()))) {
            createMissing(admin, topics);
            return Optional.empty();
        } catch (KafkaException e) {
            return Optional.of(trouble(BrokerTrouble.of(kafka, e)));
        }
    }

    private static Trouble trouble(BrokerTrouble trouble) {
        return new Trouble("broker", trouble.canPass(), trouble.sentence());
    }

    private static Optional<Trouble> attempt(Topics topics) throws InterruptedException {
        try {
            SchemaAdmin.registerMissing(topics);
            return Optional.empty();
        } catch (RegistryException e) {
            return Optional.of(new Trouble("schema registry", e.canPass(), e.getMessage()));
        }
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
            throw new KafkaException("Cannot create topics: " + e.getCause().getMessage(), e.getCause());
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
