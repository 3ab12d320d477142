package dev.tandem.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics with their policies where they do not exist yet; run by every service at start, in any order. */
public final class TopicAdmin {
    private TopicAdmin() {}

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
