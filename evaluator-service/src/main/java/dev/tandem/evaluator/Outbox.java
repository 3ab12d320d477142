package dev.tandem.evaluator;

import dev.tandem.evaluator.history.EvaluatedCheckpoint;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.events.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes decisions: an evaluation and its promotion stand on their topics both or neither. */
final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final Producer<String, byte[]> producer;
    private final Topics topics;

    /** The producer is closed with this. */
    Outbox(Producer<String, byte[]> producer, Topics topics) {
        this.producer = producer;
        this.topics = topics;
    }

    /** Ends what an evaluator that was killed has left open; to be called before anything is read. */
    void open() {
        retrying(producer::initTransactions);
    }

    /**
     * Writes one decision, again and again while the broker does not answer.
     *
     * @throws KafkaException if another evaluator has taken over, or the broker refuses for good
     */
    void publish(EvaluatedCheckpoint evaluated, Optional<PromotedCheckpoint> promoted) {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        records.add(topics.evaluations().record(evaluated.id(), EventConversion.event(evaluated)));
        promoted.map(this::record).ifPresent(records::add);
        write(evaluated.id(), records);
    }

    /** Writes a promotion that a person has ordered; otherwise as the other. */
    void publish(PromotedCheckpoint promoted) {
        write(promoted.id(), List.of(record(promoted)));
    }

    private ProducerRecord<String, byte[]> record(PromotedCheckpoint promoted) {
        return topics.promotions().record(Topics.CHAMPION, EventConversion.event(promoted));
    }

    private void write(String checkpoint, List<ProducerRecord<String, byte[]>> records) {
        while (!write(records)) {
            LOG.warn("Writing the decision again checkpoint={}", checkpoint);
        }
    }

    private boolean write(List<ProducerRecord<String, byte[]>> records) {
        try {
            producer.beginTransaction();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            records.forEach(record -> sent.add(producer.send(record)));
            LOG.debug("Committing {} records", sent.size()); // which fails if one of them was not written
            retrying(producer::commitTransaction);
            return true;
        } catch (ProducerFencedException
                | OutOfOrderSequenceException
                | AuthorizationException
                | UnsupportedVersionException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("The decision was not written: {}", e.getMessage());
            retrying(producer::abortTransaction);
            return false;
        }
    }

    private static void retrying(Runnable call) {
        while (true) {
            try {
                call.run();
                return;
            } catch (TimeoutException e) {
                LOG.warn("The broker does not answer, asking again: {}", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
