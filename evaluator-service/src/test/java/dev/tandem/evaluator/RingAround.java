package dev.tandem.evaluator;

import dev.tandem.events.CheckpointEvaluated;
import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.EmbeddedBroker;
import dev.tandem.events.Judgement;
import dev.tandem.events.KafkaSettings;
import dev.tandem.events.LabelSource;
import dev.tandem.events.PassagePublished;
import dev.tandem.events.QueryHeldOut;
import dev.tandem.events.TestBroker;
import dev.tandem.events.Topic;
import dev.tandem.events.Topics;
import dev.tandem.events.TrainingStage;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.QueryKey;
import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.EncoderInit;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Similarity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** A real broker and a real checkpoint store with a tiny corpus; stands for the miner and the trainer. */
final class RingAround implements AutoCloseable {
    static final int PASSAGES = 60;
    private static final Path TOKENIZER = Path.of("../retrieval/src/test/resources/golden/tokenizer/tokenizer.json");
    private static final EncodingConfig ENCODING = new EncodingConfig(16, 32, 48, Pooling.MEAN, Similarity.COSINE, 0.1);
    private static final String[] WORDS = ("root schema connection null implementation distribution interpolator"
                    + " precondition transactions synchronized matrix cache string array index reader date parser stream"
                    + " buffer field token query vector")
            .split(" ", -1);

    private final Topics topics = new Topics();
    private final TestBroker broker;
    private final CheckpointStore store;
    private final Path storeDirectory;
    private final Clients clients;
    private final Producer<byte[], byte[]> producer;

    RingAround(Path directory) {
        this(directory, EmbeddedBroker.start(directory.resolve("broker")));
    }

    /** With a broker that is closed with this. */
    RingAround(Path directory, TestBroker broker) {
        this.broker = broker;
        this.storeDirectory = directory.resolve("checkpoints");
        this.store = CheckpointStore.in(storeDirectory);
        this.clients = new Clients(broker.kafka());
        this.producer = clients.letterProducer();
    }

    KafkaSettings kafka() {
        return broker.kafka();
    }

    Path storeDirectory() {
        return storeDirectory;
    }

    Evaluator start() {
        return start(store);
    }

    /** An evaluator that sees the store through another. */
    Evaluator start(CheckpointStore seen) {
        return start(seen, broker.kafka(), 0);
    }

    /** An evaluator that measures on a pool of so many passages. */
    Evaluator start(int pool) {
        return start(store, broker.kafka(), pool);
    }

    /** An evaluator that has other settings of Kafka and of events. */
    Evaluator start(KafkaSettings kafka) {
        return start(store, kafka, 0);
    }

    private Evaluator start(CheckpointStore seen, KafkaSettings kafka, int pool) {
        Evaluator evaluator = new Evaluator(
                new TestConfig(storeDirectory.toString(), pool),
                seen,
                kafka,
                new SimpleMeterRegistry(),
                Clock.systemUTC());
        evaluator.start();
        return evaluator;
    }

    /** Waits until this many checkpoints are decided. */
    static void awaitDecisions(Evaluator evaluator, int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> evaluator.knowledge().history().evaluated().size() >= count);
    }

    CheckpointStore store() {
        return store;
    }

    /** Passages of three words each, and for each a held-out query of two of them. */
    void publishCorpus() throws Exception {
        for (int i = 0; i < PASSAGES; i++) {
            publish(passage(i));
            holdOut(word(i) + " " + word(5 * i + 1) + " number " + i, "p" + i);
        }
    }

    void publish(Passage passage) throws Exception {
        send(topics.passages(), passage.id(), new PassagePublished(passage.id(), passage.title(), passage.text()));
    }

    static Passage passage(int i) {
        return new Passage("p" + i, "method " + word(i), word(i) + " " + word(5 * i + 1) + " " + word(7 * i + 3));
    }

    private static String word(int i) {
        return WORDS[i % WORDS.length];
    }

    void holdOut(String text, String relevant) throws Exception {
        String key = QueryKey.of(text).value();
        QueryHeldOut query = new QueryHeldOut(
                key, "q-" + key, text, List.of(new Judgement(relevant, 1)), LabelSource.JUDGED, Instant.EPOCH);
        send(topics.heldOutQueries(), key, query);
    }

    /** A checkpoint of random weights in the store. */
    Checkpoint save(String id, boolean rerankerTrained, long seed) throws IOException {
        return save(id, rerankerTrained, seed, directory -> {});
    }

    Checkpoint save(String id, boolean rerankerTrained, long seed, Consumer<Path> change) throws IOException {
        try (CheckpointStore.Writing writing = store.begin(id)) {
            var architecture = new EncoderInit.Architecture(32, 1, 2, 64, 64, 0, true);
            EncoderInit.random(writing.directory(), TOKENIZER, architecture, ENCODING, seed);
            change.accept(writing.directory());
            return writing.commit(new CheckpointManifest.Header(id, null, 10, "RETRIEVER_WARM_UP", rerankerTrained));
        }
    }

    void announce(Checkpoint checkpoint, boolean rerankerTrained) throws Exception {
        announce(checkpoint.id(), store.uri(checkpoint.id()).toString(), checkpoint.digest(), rerankerTrained);
    }

    void announce(String id, String uri, String digest, boolean rerankerTrained) throws Exception {
        CheckpointSaved saved = new CheckpointSaved(
                id,
                null,
                10L,
                TrainingStage.RETRIEVER_WARM_UP,
                rerankerTrained,
                uri,
                digest,
                Map.of("retriever", 1.5),
                64L,
                Instant.EPOCH,
                Instant.EPOCH);
        send(topics.checkpoints(), id, saved);
    }

    private <V extends SpecificRecord> void send(Topic<V> topic, String key, V event) throws Exception {
        var record = topic.record(key, event);
        sendRaw(record.topic(), record.key(), record.value());
    }

    void sendRaw(String topic, String key, byte[] value) throws InterruptedException, ExecutionException {
        producer.send(new ProducerRecord<>(
                        topic, key == null ? null : key.getBytes(java.nio.charset.StandardCharsets.UTF_8), value))
                .get();
    }

    List<CheckpointEvaluated> evaluations() {
        return read(topics.evaluations().name())
                .map(record -> topics.evaluations().read(record.value()))
                .toList();
    }

    List<CheckpointPromoted> promotions() {
        return read(topics.promotions().name())
                .map(record -> topics.promotions().read(record.value()))
                .toList();
    }

    List<String> deadLetters() {
        return read(DeadLetters.TOPIC)
                .map(record -> DeadLetters.header(record.headers(), DeadLetters.FROM_TOPIC))
                .sorted()
                .toList();
    }

    Stream<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = clients.consumer()) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records.stream();
    }

    @Override
    public void close() {
        producer.close();
        broker.close();
    }
}
