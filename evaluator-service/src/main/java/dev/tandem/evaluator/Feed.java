package dev.tandem.evaluator;

import dev.tandem.events.DeadLetters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topics from their start, for ever, into {@link Knowledge}; a record that cannot be read goes to the dead letters.
 *
 * <p>It belongs to no consumer group: every start reads everything again. The dead letters are read first, so that a
 * poison record is not put there a second time.
 */
final class Feed implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> letters;
    private final Knowledge knowledge;
    private final EvaluatorMeters meters;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private volatile boolean stopping;

    /** Both clients are closed when the feed ends. */
    Feed(
            Consumer<byte[], byte[]> consumer,
            Producer<byte[], byte[]> letters,
            Knowledge knowledge,
            EvaluatorMeters meters) {
        this.consumer = consumer;
        this.letters = letters;
        this.knowledge = knowledge;
        this.meters = meters;
    }

    @Override
    public void run() {
        try (consumer;
                letters) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (List<String> topics : List.of(List.of(DeadLetters.TOPIC), knowledge.sources())) {
                partitions.addAll(answered(() -> partitions(topics)));
                consumer.assign(partitions);
                readTo(answered(() -> consumer.endOffsets(partitions)));
            }
            caughtUp.countDown();
            LOG.info(
                    "Caught up with the topics passages={} heldOut={} waiting={}",
                    knowledge.corpus().size(),
                    knowledge.heldOut().size(),
                    knowledge.history().waiting().size());
            while (!stopping) {
                poll();
            }
        } catch (WakeupException | InterruptException e) {
            LOG.debug("Stopped reading");
        }
    }

    boolean isCaughtUp() {
        return caughtUp.getCount() == 0;
    }

    /** Waits until everything was read that stood on the topics when the feed began. */
    void awaitCaughtUp() throws InterruptedException {
        caughtUp.await();
    }

    void stop() {
        stopping = true;
        consumer.wakeup();
    }

    private List<TopicPartition> partitions(List<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            consumer.partitionsFor(topic)
                    .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
        return partitions;
    }

    private void readTo(Map<TopicPartition, Long> ends) {
        while (ends.entrySet().stream()
                .anyMatch(end -> answered(() -> consumer.position(end.getKey())) < end.getValue())) {
            poll();
        }
    }

    /** Asks the broker until it answers. */
    private <T> T answered(Supplier<T> question) {
        while (true) {
            try {
                return question.get();
            } catch (TimeoutException e) {
                LOG.warn("Waiting for the broker reason={}", e.getMessage());
            }
        }
    }

    private void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            if (record.topic().equals(DeadLetters.TOPIC)) {
                knowledge.learnOfRefusal(record);
            } else {
                learn(record);
            }
        }
    }

    private void learn(ConsumerRecord<byte[], byte[]> record) {
        try {
            knowledge.learn(record);
        } catch (SerializationException | IllegalArgumentException e) {
            if (!knowledge.isRefused(record)) {
                refuse(record, e.getMessage());
            }
        }
    }

    private void refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
        LOG.warn(
                "Refused a record, see the dead letters topic={} partition={} offset={} reason={}",
                record.topic(),
                record.partition(),
                record.offset(),
                reason);
        meters.refused(record.topic());
        try {
            letters.send(DeadLetters.of(record, Knowledge.SERVICE, reason)).get();
        } catch (ExecutionException e) {
            LOG.error("A dead letter was not written; its record is refused again at the next start", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }
}
