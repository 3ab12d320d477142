package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tandem.events.CandidateListMined;
import dev.tandem.events.CandidateRole;
import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.ClickRecorded;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.EmbeddedBroker;
import dev.tandem.events.Judgement;
import dev.tandem.events.LabelSource;
import dev.tandem.events.ListKind;
import dev.tandem.events.PassagePublished;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.events.TestBroker;
import dev.tandem.events.Topics;
import dev.tandem.miner.serving.EmbeddingSources;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.QueryKey;
import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.EncoderInit;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Similarity;
import dev.tandem.retrieval.index.ContentKey;
import dev.tandem.retrieval.index.EmbeddingFile;
import dev.tandem.retrieval.token.WordPieceTrainer;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The whole miner on a broker: one story, from the first passage to the lists of a second champion. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MinerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int QUERIES = 30;
    private static final int PASSAGES = 40;

    private final Topics topics = new Topics();
    private final Instant now = Instant.now().minusSeconds(60);
    private TestBroker broker;
    private KafkaProducer<byte[], byte[]> producer;
    private Path directory;

    @BeforeAll
    void start(@TempDir Path temporary) {
        directory = temporary;
        broker = broker(directory.resolve("broker"));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** What it runs on. */
    TestBroker broker(Path log) {
        return EmbeddedBroker.start(log);
    }

    @AfterAll
    void stop() {
        producer.close();
        broker.close();
    }

    @Test
    void minesWithBm25ThenWithEachChampionAndForgetsNothingOverARestart() throws IOException {
        try (Miner miner = miner()) {
            miner.start();
            sendPoison();
            sendFeedback();
            await().atMost(PATIENCE).until(() -> miner.mining().lists() == QUERIES + 1 && miner.isCaughtUp());

            Map<String, CandidateListMined> lists = lists();
            assertEquals(QUERIES + 1, lists.size());
            checkBm25Lists(lists);
            assertEquals(5, deadLetters().size());
            assertEquals(1, miner.refused().get("queries"));
            assertEquals(1, miner.refused().get("clicks"));
            assertEquals(1, miner.refused().get("passages"));
            assertEquals(1, miner.refused().get("promotions"));
            assertEquals(1, miner.refused().get("labelled-queries"));

            promote(checkpoint("step-1", false), false);
            await().atMost(PATIENCE)
                    .until(() -> miner.mining().minedBy().equals("step-1")
                            && miner.mining().remined() == QUERIES + 1);
            await().atMost(PATIENCE) // a commit that has returned is seen by readers a moment later
                    .until(() -> lists().values().stream()
                            .allMatch(list -> list.getMinedBy().equals("step-1")));
        }
        long written = endOfLists();

        try (Miner miner = miner()) {
            miner.start();
            await().atMost(PATIENCE).until(miner::isCaughtUp);
            assertEquals("step-1", miner.mining().minedBy());
            assertEquals(written, endOfLists(), "nothing is mined again that was mined before");
            assertEquals(1, miner.refused().get("passages"));
            assertEquals(5, deadLetters().size());

            promote(new Checkpoint("forged", directory.resolve("store/forged"), "0".repeat(64)), true);
            tombstone("p07");
            Checkpoint second = checkpoint("step-2", true);
            promote(second, true, offered(second));
            await().atMost(PATIENCE)
                    .until(() -> miner.mining().minedBy().equals("step-2")
                            && miner.mining().remined() == QUERIES + 1);
            await().atMost(PATIENCE).untilAsserted(() -> checkDenoisedLists(lists()));
            assertEquals(
                    new EmbeddingSources(PASSAGES - 1, 0, 0),
                    miner.mining().index().embeddings(),
                    "of all passages but p07 the embeddings came with the promotion");
        }
    }

    private void checkBm25Lists(Map<String, CandidateListMined> lists) {
        assertFalse(lists.containsKey(listKey("held out question", ListKind.UNDENOISED)));
        CandidateListMined list = lists.get(listKey("question about thing 3", ListKind.UNDENOISED));
        assertEquals("bm25", list.getMinedBy());
        assertEquals(8, list.getCandidates().size());
        assertEquals("p03", list.getCandidates().get(0).getPassageId());
        assertEquals(CandidateRole.POSITIVE, list.getCandidates().get(0).getRole());
        assertEquals("text about thing 3 number3", list.getCandidates().get(0).getText());
        assertEquals(LabelSource.JUDGED, list.getLabelSource());
        CandidateListMined clicked = lists.get(listKey("clicked question", ListKind.UNDENOISED));
        assertEquals(LabelSource.CLICKS, clicked.getLabelSource());
        assertEquals("p05", clicked.getCandidates().get(0).getPassageId());
    }

    private void checkDenoisedLists(Map<String, CandidateListMined> lists) {
        Set<String> denoised = new HashSet<>();
        lists.forEach((key, list) -> {
            if (!list.getText().equals("question about thing 7")) { // its positive is gone
                assertEquals("step-2", list.getMinedBy(), list.getText());
                list.getCandidates()
                        .forEach(candidate -> assertNotEquals("p07", candidate.getPassageId(), list.getText()));
            }
            if (list.getKind() == ListKind.DENOISED) {
                denoised.add(list.getText());
            }
        });
        assertEquals(QUERIES, denoised.size());
    }

    private void sendPoison() {
        for (String topic : List.of("queries", "clicks", "passages", "promotions", "labelled-queries")) {
            send(topic, "poison", "{}".getBytes(UTF_8));
        }
    }

    /** Labels come before their passages: they have to wait for them. */
    private void sendFeedback() {
        for (int i = 0; i < QUERIES; i++) {
            send(judged("q" + i, "question about thing " + i, QueryUse.TRAIN, new Judgement("p%02d".formatted(i), 1)));
        }
        send(judged("h1", "held out question", QueryUse.HELD_OUT, new Judgement("p01", 1)));
        send(new QueryRecorded(
                "shown", "clicked question", now, List.of(), List.of("p04", "p05"), "bm25", null, QueryUse.TRAIN));
        for (int i = 0; i < 3; i++) {
            ClickRecorded click = new ClickRecorded("c" + i, "shown", "p05", 2, null, "user" + i, now.plusSeconds(i));
            send("clicks", "shown", topics.clicks().write(click));
        }
        for (int i = 0; i < PASSAGES; i++) {
            Passage passage = passage(i);
            PassagePublished event = new PassagePublished(passage.id(), passage.title(), passage.text());
            send("passages", passage.id(), topics.passages().write(event));
        }
        producer.flush();
    }

    private static Passage passage(int i) {
        return new Passage("p%02d".formatted(i), "title", "text about thing %d number%d".formatted(i, i));
    }

    /** What an evaluator offers with a promotion; it has not heard that a passage is gone. */
    private String offered(Checkpoint checkpoint) throws IOException {
        try (DualEncoder encoder = DualEncoder.open(checkpoint.directory())) {
            Map<ContentKey, float[]> embeddings = new HashMap<>();
            for (int i = 0; i < PASSAGES; i++) {
                embeddings.put(ContentKey.of(passage(i)), encoder.encodePassages(List.of(passage(i)))[0]);
            }
            String space = Compute.FLOAT32.space(checkpoint.digest());
            return CheckpointStore.in(directory.resolve("store"))
                    .embeddings()
                    .offer(checkpoint.id(), target -> {
                        try (EmbeddingFile file = EmbeddingFile.open(target, space, encoder.dimension())) {
                            file.add(embeddings);
                        }
                    })
                    .toString();
        }
    }

    private QueryRecorded judged(String id, String text, QueryUse use, Judgement judgement) {
        return new QueryRecorded(id, text, now, List.of(judgement), List.of(), null, null, use);
    }

    private void send(String topic, String key, byte[] value) {
        var unused = producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value));
    }

    private void send(QueryRecorded query) {
        send("queries", query.getId(), topics.queries().write(query));
    }

    private void tombstone(String passageId) {
        send("passages", passageId, null);
        producer.flush();
    }

    private Checkpoint checkpoint(String id, boolean rerankerTrained) throws IOException {
        Path vocabulary = directory.resolve("tokenizer.json");
        WordPieceTrainer.train(
                IntStream.range(0, PASSAGES).mapToObj(i -> "text question about thing number" + i), 200, vocabulary);
        CheckpointStore store = CheckpointStore.in(directory.resolve("store"));
        try (CheckpointStore.Writing writing = store.begin(id)) {
            EncoderInit.random(
                    writing.directory(),
                    vocabulary,
                    new EncoderInit.Architecture(16, 1, 2, 32, 64, 0, true),
                    new EncodingConfig(16, 32, 48, Pooling.MEAN, Similarity.COSINE, 0.1),
                    id.hashCode());
            return writing.commit(new CheckpointManifest.Header(id, null, 1, "JOINT", rerankerTrained));
        }
    }

    private void promote(Checkpoint checkpoint, boolean rerankerTrained) {
        promote(checkpoint, rerankerTrained, null);
    }

    private void promote(Checkpoint checkpoint, boolean rerankerTrained, String embeddingsUri) {
        CheckpointPromoted event = new CheckpointPromoted(
                checkpoint.id(),
                "file://" + checkpoint.directory().toUri().getRawPath().replaceAll("/$", ""),
                checkpoint.digest(),
                1L,
                rerankerTrained,
                null,
                List.of(),
                "a test asked for it",
                "test",
                embeddingsUri,
                Instant.now(),
                false,
                List.of());
        send("promotions", Topics.CHAMPION, topics.promotions().write(event));
        producer.flush();
    }

    private Map<String, CandidateListMined> lists() {
        Map<String, CandidateListMined> lists = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : read("candidate-lists")) {
            String key = new String(record.key(), UTF_8);
            if (record.value() == null) {
                lists.remove(key);
            } else {
                lists.put(key, topics.candidateLists().read(record.value()));
            }
        }
        return lists;
    }

    private List<String> deadLetters() {
        return read(DeadLetters.TOPIC).stream()
                .map(record -> DeadLetters.header(record.headers(), DeadLetters.FROM_TOPIC))
                .toList();
    }

    private long endOfLists() {
        return read("candidate-lists").size();
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        return CommittedRecords.of(broker.bootstrapServers(), topic);
    }

    private Miner miner() {
        return new Miner(
                new SmallRyeConfigBuilder()
                        .withMapping(MinerConfig.class)
                        .withDefaultValues(Map.of(
                                "miner.state-dir",
                                directory.resolve("state").toString(),
                                "miner.retrieve-depth",
                                "20",
                                "miner.rerank-depth",
                                "10"))
                        .build()
                        .getConfigMapping(MinerConfig.class),
                CheckpointStore.in(directory.resolve("store")),
                broker.kafka());
    }

    private static String listKey(String text, ListKind kind) {
        return Topics.listKey(QueryKey.of(text).value(), kind);
    }
}
