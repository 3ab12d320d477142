package dev.tandem.quickstart.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.KafkaSettings;
import dev.tandem.events.Topic;
import dev.tandem.events.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Records that no service can read, one in a hundred on every topic that one reads: noise, halves of real events, nothing at all, and
 * events that say of themselves that two gigabytes follow.
 */
final class Poison implements AutoCloseable {
    private static final int ONE_IN = 100;
    private static final int HEADER_BYTES = 10;
    /** A text of 2,000,000,000 bytes, as Avro writes lengths, and the first of them. */
    private static final byte[] LONG_TEXT = {(byte) 0x80, (byte) 0xD0, (byte) 0xAC, (byte) 0xF3, 0x0E, 'a'};

    private static final Map<String, List<String>> READERS = readers(new Topics());

    private final Books books;
    private final Ledger ledger;
    private final Random random;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, Long> sent = new HashMap<>();

    Poison(KafkaSettings kafka, Books books, Ledger ledger, long seed) {
        this.books = books;
        this.ledger = ledger;
        this.random = new Random(seed);
        this.producer = new KafkaProducer<>(
                kafka.with(Map.of(
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, "15000",
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "60000")),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static Map<String, List<String>> readers(Topics topics) {
        Map<String, List<String>> readers = new HashMap<>();
        readers.put(topics.passages().name(), List.of("miner", "evaluator"));
        readers.put(topics.queries().name(), List.of("miner"));
        readers.put(topics.clicks().name(), List.of("miner"));
        readers.put(topics.labelledQueries().name(), List.of("miner"));
        readers.put(topics.candidateLists().name(), List.of("trainer"));
        readers.put(topics.heldOutQueries().name(), List.of("evaluator"));
        readers.put(topics.checkpoints().name(), List.of("evaluator"));
        readers.put(topics.evaluations().name(), List.of("evaluator"));
        readers.put(topics.promotions().name(), List.of("miner", "trainer", "evaluator"));
        return readers;
    }

    /** The dead letters there have to be about an event: one from each reader of its topic where it is poison. */
    static List<Books.Letter> letters(Ledger.Entry entry) {
        List<String> readers = entry.poison() ? READERS.get(entry.place().topic()) : List.of();
        return readers.stream()
                .map(reader -> new Books.Letter(reader, entry.place()))
                .toList();
    }

    /** Sends what is missing to one in a hundred records. */
    void keepShare() {
        for (Topic<?> topic : new Topics().all()) {
            long there = sent.getOrDefault(topic.name(), 0L);
            if (books.count(topic.name()) >= there * ONE_IN) {
                sent.put(topic.name(), there + 1);
                send(topic.name(), "poison-%s-%d".formatted(topic.name(), there));
            }
        }
    }

    private void send(String topic, String key) {
        ledger.poisons(key);
        var unused = producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), bytes(topic)), (where, failure) -> {
            if (failure == null) {
                ledger.taken(key, where);
            } else {
                ledger.failed();
            }
        });
    }

    private byte[] bytes(String topic) {
        byte[] real = books.newest(topic);
        if (real.length > HEADER_BYTES && random.nextInt(3) == 0) {
            return ByteBuffer.allocate(HEADER_BYTES + LONG_TEXT.length)
                    .put(real, 0, HEADER_BYTES)
                    .put(LONG_TEXT)
                    .array();
        }
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        return random.nextBoolean() && real.length > 0 ? Arrays.copyOf(real, real.length / 2) : noise;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(60));
    }
}
