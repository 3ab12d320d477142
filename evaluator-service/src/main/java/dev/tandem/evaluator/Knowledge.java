package dev.tandem.evaluator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.evaluator.history.History;
import dev.tandem.evaluator.history.Refusals;
import dev.tandem.evaluator.scoring.Corpus;
import dev.tandem.evaluator.scoring.HeldOutQueries;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.Topics;
import dev.tandem.retrieval.QueryKey;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;

/** What the topics have told so far; a restarted evaluator knows the same again after reading them from the start. */
public final class Knowledge {
    static final String SERVICE = "evaluator";

    private final Topics topics;
    private final Corpus corpus = new Corpus();
    private final HeldOutQueries heldOut = new HeldOutQueries();
    private final History history = new History();
    private final Refusals refusals = new Refusals();

    Knowledge(Topics topics) {
        this.topics = topics;
    }

    public Corpus corpus() {
        return corpus;
    }

    public HeldOutQueries heldOut() {
        return heldOut;
    }

    public History history() {
        return history;
    }

    public Refusals refusals() {
        return refusals;
    }

    /** What has to be read, beside the dead letters. */
    List<String> sources() {
        return List.of(
                topics.passages().name(),
                topics.heldOutQueries().name(),
                topics.checkpoints().name(),
                topics.evaluations().name(),
                topics.promotions().name());
    }

    /**
     * Learns from one record of {@link #sources}.
     *
     * @throws SerializationException if it is no such event
     * @throws IllegalArgumentException if the event breaks a rule
     */
    void learn(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            throw new IllegalArgumentException("Expected a key, got none");
        }
        String key = new String(record.key(), UTF_8);
        if (record.value() == null) {
            forget(record.topic(), key);
        } else if (record.topic().equals(topics.passages().name())) {
            corpus.put(EventConversion.passage(key, topics.passages().read(record.value())));
        } else if (record.topic().equals(topics.heldOutQueries().name())) {
            heldOut.put(EventConversion.heldOut(key, topics.heldOutQueries().read(record.value())));
        } else if (record.topic().equals(topics.checkpoints().name())) {
            history.saved(EventConversion.saved(key, topics.checkpoints().read(record.value())));
        } else if (record.topic().equals(topics.evaluations().name())) {
            history.evaluated(
                    EventConversion.evaluated(key, topics.evaluations().read(record.value())));
        } else {
            history.promoted(EventConversion.promoted(topics.promotions().read(record.value())));
        }
    }

    private void forget(String topic, String key) {
        if (topic.equals(topics.passages().name())) {
            corpus.remove(key);
        } else if (topic.equals(topics.heldOutQueries().name())) {
            heldOut.remove(new QueryKey(key));
        } else {
            throw new IllegalArgumentException("Expected an event, got a tombstone; this topic has nothing to remove");
        }
    }

    void learnOfRefusal(ConsumerRecord<byte[], byte[]> letter) {
        String topic = DeadLetters.header(letter.headers(), DeadLetters.FROM_TOPIC);
        String service = DeadLetters.header(letter.headers(), DeadLetters.REFUSED_BY);
        String origin = "%s-%s@%s"
                .formatted(
                        topic,
                        DeadLetters.header(letter.headers(), DeadLetters.FROM_PARTITION),
                        DeadLetters.header(letter.headers(), DeadLetters.FROM_OFFSET));
        refusals.add(
                topic,
                service,
                DeadLetters.header(letter.headers(), DeadLetters.REASON),
                Instant.ofEpochMilli(letter.timestamp()),
                service.equals(SERVICE) ? origin : null);
    }

    boolean isRefused(ConsumerRecord<byte[], byte[]> record) {
        return refusals.isKnown("%s-%d@%d".formatted(record.topic(), record.partition(), record.offset()));
    }
}
