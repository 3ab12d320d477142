package dev.tandem.trainer;

import static java.util.Objects.requireNonNull;

import dev.tandem.events.CandidateListMined;
import dev.tandem.events.Topic;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.trainer.batch.Origin;
import dev.tandem.trainer.resume.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Candidate lists from their topic, all partitions, one list from each in turn.
 *
 * <p>Partitions are assigned, not subscribed: the position is the checkpoint's, and no rebalance can take a partition away
 * in the middle of a step. A partition whose turn it is and that has more is waited for, so that lists come in the same
 * order whenever they are read again. A list that cannot be read, or breaks a rule, goes to the dead letters; the position says
 * which of those the broker has not confirmed, so that they are refused again after a crash.
 */
final class KafkaLists implements ListSource {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaLists.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration TO_ANSWER = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Topic<CandidateListMined> topic;
    private final Outbox outbox;
    private final Map<Integer, Long> next = new TreeMap<>();
    /** Their dead letters are on the way; the producer's thread takes them out. */
    private final Set<Origin> refused = new ConcurrentSkipListSet<>();

    private List<TopicPartition> partitions = List.of();
    private volatile ReadAhead ahead; // null before the first seek, and while lists are read again
    private int turn;

    /**
     * Reads nothing before {@link #seek}.
     *
     * @param outbox where refused records go
     */
    KafkaLists(Consumer<byte[], byte[]> consumer, Topic<CandidateListMined> topic, Outbox outbox) {
        this.consumer = requireNonNull(consumer, "consumer is null");
        this.topic = requireNonNull(topic, "topic is null");
        this.outbox = requireNonNull(outbox, "outbox is null");
    }

    @Override
    public void seek(Position position) {
        stopReading();
        partitions = consumer.partitionsFor(topic.name()).stream()
                .map(info -> new TopicPartition(topic.name(), info.partition()))
                .sorted((left, right) -> Integer.compare(left.partition(), right.partition()))
                .toList();
        consumer.assign(partitions);
        next.clear();
        next.putAll(position.offsets());
        turn = position.turn();
        for (TopicPartition partition : partitions) {
            seek(partition, position.offsets().get(partition.partition()));
        }
        ahead = new ReadAhead(consumer, partitions);
    }

    private void stopReading() {
        if (ahead != null) {
            ahead.close();
            ahead = null;
        }
    }

    private void seek(TopicPartition partition, Long offset) {
        if (offset == null) {
            consumer.seekToBeginning(List.of(partition));
        } else {
            consumer.seek(partition, offset);
        }
    }

    @Override
    public Position position() {
        return new Position(next, turn, refused);
    }

    @Override
    public List<Arrival> poll(int most, Duration wait) {
        outbox.sendWaiting();
        List<Arrival> arrivals = new ArrayList<>();
        long began = System.nanoTime();
        int partitionsAtEnd = 0;
        while (arrivals.size() < most) {
            TopicPartition partition = partitions.get(turn % partitions.size());
            Optional<ConsumerRecord<byte[], byte[]>> record = ahead.take(partition);
            long waited = System.nanoTime() - began;
            if (record.isPresent()) {
                try {
                    read(record.get()).ifPresent(arrivals::add);
                } catch (WakeupException e) { // the trainer is closing, and this list is read again at the next start
                    LOG.debug("Stopped waiting for the registry", e);
                    return arrivals;
                }
                next.put(partition.partition(), record.get().offset() + 1);
                partitionsAtEnd = 0;
                passTurn();
            } else if (ahead.mayHaveMore(partition) && waited < PATIENCE.toNanos()) {
                ahead.await(partition);
            } else if (++partitionsAtEnd < partitions.size()) {
                passTurn();
            } else if (arrivals.isEmpty() && waited < wait.toNanos()) {
                partitionsAtEnd = 0;
                ahead.await(partition);
            } else {
                return arrivals;
            }
        }
        return arrivals;
    }

    private void passTurn() {
        turn = (turn + 1) % partitions.size();
    }

    private Optional<Arrival> read(ConsumerRecord<byte[], byte[]> record) {
        Origin origin = new Origin(record.partition(), record.offset());
        try {
            if (record.key() == null) {
                throw new IllegalArgumentException("Expected a key of the form <query key>/<kind>, got none");
            }
            String key = new String(record.key(), StandardCharsets.UTF_8);
            Optional<CandidateList> list = Optional.ofNullable(record.value())
                    .map(bytes -> TrainerEvents.candidateList(key, topic.read(bytes)));
            return Optional.of(new Arrival(origin, key, list));
        } catch (SerializationException | IllegalArgumentException | NullPointerException e) {
            refused.add(origin);
            outbox.refuse(record, String.valueOf(e.getMessage()), () -> refused.remove(origin));
            return Optional.empty();
        }
    }

    @Override
    public void readAgain(SortedSet<Origin> held, BiConsumer<Origin, CandidateList> reader) {
        stopReading();
        Map<Integer, SortedSet<Long>> offsets = new TreeMap<>();
        held.forEach(origin -> offsets.computeIfAbsent(origin.partition(), p -> new TreeSet<>())
                .add(origin.offset()));
        long found = 0;
        for (Map.Entry<Integer, SortedSet<Long>> entry : offsets.entrySet()) {
            found += readAgain(new TopicPartition(topic.name(), entry.getKey()), entry.getValue(), reader);
        }
        if (found < held.size()) {
            LOG.info(
                    "Some records that were held are gone from the topic records={} gone={}",
                    held.size(),
                    held.size() - found);
        }
    }

    private long readAgain(
            TopicPartition partition, SortedSet<Long> offsets, BiConsumer<Origin, CandidateList> reader) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, offsets.first());
        long found = 0;
        long deadline = System.nanoTime() + TO_ANSWER.toNanos();
        while (consumer.position(partition) <= offsets.last()
                && consumer.currentLag(partition).orElse(1) > 0) { // unknown before the first fetch
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                deadline = System.nanoTime() + TO_ANSWER.toNanos();
                if (offsets.contains(record.offset())) {
                    found++;
                    read(record)
                            .ifPresent(
                                    arrival -> arrival.list().ifPresent(list -> reader.accept(arrival.origin(), list)));
                }
            }
            if (System.nanoTime() > deadline) {
                throw new KafkaException(
                        "The broker gave no list of %s for %s; check that it is up".formatted(partition, TO_ANSWER));
            }
        }
        return found;
    }

    @Override
    public long lag() {
        return ahead.lag();
    }

    @Override
    public boolean isStalled() {
        ReadAhead now = ahead;
        return now != null && now.isStalled();
    }

    @Override
    public void close() {
        try {
            stopReading();
        } finally {
            consumer.close();
        }
    }
}
