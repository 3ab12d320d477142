package dev.tandem.evaluator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.evaluator.scoring.CheckpointModel;
import dev.tandem.events.CheckpointEvaluated;
import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.Decision;
import dev.tandem.events.EmbeddedBroker;
import dev.tandem.events.TestBroker;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.checkpoint.FlakyStore;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.index.ContentKey;
import dev.tandem.retrieval.index.EmbeddingFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationIT {
    private static final String SOME_DIGEST = "0".repeat(64);

    @TempDir
    Path directory;

    private RingAround ring;

    @BeforeEach
    void startBroker() throws Exception {
        ring = new RingAround(directory, broker(directory.resolve("broker")));
        ring.publishCorpus();
    }

    /** What it runs on. */
    TestBroker broker(Path log) {
        return EmbeddedBroker.start(log);
    }

    @AfterEach
    void stopBroker() {
        ring.close();
    }

    @Test
    void promotesTheFirstWithItsReportAndRejectsItsTwin() throws Exception {
        try (Evaluator evaluator = ring.start()) {
            ring.announce(ring.save("first", false, 7), false);
            RingAround.awaitDecisions(evaluator, 1);
            ring.announce(ring.save("twin", false, 7), false);
            RingAround.awaitDecisions(evaluator, 2);
        }

        CheckpointEvaluated twin = ring.evaluations().get(1);
        assertNull(twin.getPool(), "by default all passages are measured on");
        assertEquals(Decision.REJECTED, twin.getDecision());
        assertEquals("first", twin.getChampion());
        assertTrue(twin.getReason().startsWith("The same as the champion on every query"), twin.getReason());
        List<CheckpointPromoted> promotions = ring.promotions();
        assertEquals(1, promotions.size());
        assertEquals("first", promotions.get(0).getCheckpointId());
        assertFalse(promotions.get(0).getAnchorQueries().isEmpty(), "the first promotion sets the anchor");
        assertTrue(promotions.get(0).getMetrics().stream()
                .anyMatch(m ->
                        m.getQuerySet().equals("report") && m.getRanking().equals("retriever") && m.getValue() > 0));
        assertTrue(promotions.get(0).getMetrics().stream()
                .anyMatch(
                        m -> m.getQuerySet().equals("report") && m.getRanking().equals("bm25")));
    }

    @Test
    void writesACardBesideThePromotedThatLeavesItWhole() throws Exception {
        Checkpoint first = ring.save("first", false, 7);
        try (Evaluator evaluator = ring.start()) {
            ring.announce(first, false);
            RingAround.awaitDecisions(evaluator, 1);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> ring.store().card("first").isPresent());
        }

        String card = ring.store().card("first").orElseThrow();
        assertTrue(card.contains("# first\n\nA dense retriever (its re-ranker is not trained yet)"), card);
        assertTrue(card.contains("| retriever | recall@50 |"), card);
        assertEquals(
                first.digest(),
                ring.store().open(ring.store().uri("first"), first.digest()).digest());
    }

    @Test
    void sendsTheEmbeddingsItHasMadeAlongWithThePromotion() throws Exception {
        Checkpoint first = ring.save("first", false, 7);
        try (Evaluator evaluator = ring.start()) {
            ring.announce(first, false);
            RingAround.awaitDecisions(evaluator, 1);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> evaluator.knowledge().history().promotions().size() == 1);
        }

        CheckpointPromoted promotion = ring.promotions().get(0);
        Path offered = directory.resolve("offered");
        ring.store().embeddings().fetch("first", promotion.getEmbeddingsUri(), 1 << 20, offered);
        String space = Compute.FLOAT32.space(first.digest());
        try (DualEncoder encoder = DualEncoder.open(first.directory());
                EmbeddingFile embeddings = EmbeddingFile.open(offered, space, encoder.dimension())) {
            for (int i = 0; i < RingAround.PASSAGES; i++) {
                Passage passage = RingAround.passage(i);
                float[] made = encoder.encodePassages(List.of(passage))[0];
                assertArrayEquals(made, embeddings.find(ContentKey.of(passage)), 1e-5f, passage.id());
            }
        }
        assertEquals(
                first.digest(),
                ring.store().open(ring.store().uri("first"), first.digest()).digest());
    }

    @Test
    void promotesWithoutEmbeddingsWhereTheyCannotBeWritten() throws Exception {
        FlakyStore store = new FlakyStore(ring.store(), "offer"::equals);
        try (Evaluator evaluator = ring.start(store)) {
            ring.announce(ring.save("first", false, 7), false);
            RingAround.awaitDecisions(evaluator, 1);
        }

        assertEquals(1, store.failures());
        assertEquals("first", ring.promotions().get(0).getCheckpointId());
        assertNull(ring.promotions().get(0).getEmbeddingsUri());
    }

    @Test
    void measuresBothOnOnePoolAndSaysSo() throws Exception {
        int others = 40;
        int size = RingAround.PASSAGES + 5;
        for (int i = 0; i < others; i++) {
            ring.publish(new Passage("other" + i, "nobody judged this", "filler " + i));
        }
        try (Evaluator evaluator = ring.start(size)) {
            ring.announce(ring.save("first", false, 7), false);
            RingAround.awaitDecisions(evaluator, 1);
            ring.announce(ring.save("twin", false, 7), false);
            RingAround.awaitDecisions(evaluator, 2);

            evaluator.orders().orElseThrow().carryOut(new Order(Order.Action.FREEZE, null, null, "holidays", "ada"));
            assertEquals(
                    size,
                    evaluator.models().borrowChampion(CheckpointModel::passages).orElseThrow());
        }

        for (CheckpointEvaluated evaluated : ring.evaluations()) {
            assertEquals(size, evaluated.getPool().getPassages());
            assertEquals(RingAround.PASSAGES + others, evaluated.getPool().getCorpus());
            assertTrue(
                    evaluated.getReason().contains("Measured on a pool of 65 of 100 passages"), evaluated.getReason());
        }
        assertTrue(ring.promotions().get(0).getReason().contains("Measured on a pool of 65 of 100 passages"));
        assertTrue(ring.promotions().get(1).getReason().startsWith("Frozen: holidays. Measured on a pool of 65 "));
        assertTrue(ring.evaluations().get(1).getReason().startsWith("The same as the champion on every query"));
    }

    @Test
    void measuresRerankerAndFusionOnceTheRerankerIsTrained() throws Exception {
        try (Evaluator evaluator = ring.start()) {
            ring.announce(ring.save("first", false, 7), false);
            RingAround.awaitDecisions(evaluator, 1);
            ring.announce(ring.save("reranking", true, 7), true);
            RingAround.awaitDecisions(evaluator, 2);
        }

        CheckpointEvaluated reranking = ring.evaluations().get(1);
        List<String> measured = reranking.getMetrics().stream()
                .map(m -> m.getRanking() + " " + m.getName())
                .toList();
        assertTrue(
                measured.containsAll(List.of("reranker mrr@10", "fused ndcg@10", "bm25 recall@50")),
                measured.toString());
        assertEquals(
                2,
                reranking.getDeltas().stream()
                        .filter(delta -> delta.getSlice().equals("all"))
                        .count());
        assertEquals(1.0, reranking.getDeltas().get(0).getPValue(), "the retriever is the same");
    }

    @Test
    void refusesWhatItCannotTrustAndGoesOn() throws Exception {
        Checkpoint flipped = ring.save("flipped", false, 1);
        flipByte(flipped.directory().resolve("retriever/model.safetensors"));
        Checkpoint incomplete = ring.save("incomplete", false, 2);
        Files.delete(incomplete.directory().resolve("encoding.json"));
        Checkpoint broken = ring.save("broken", false, 3, EvaluationIT::fillWithNaN);
        Checkpoint sound = ring.save("sound", false, 4);

        try (Evaluator evaluator = ring.start()) {
            ring.announce(flipped, false);
            RingAround.awaitDecisions(evaluator, 1);
            ring.announce(incomplete, false);
            RingAround.awaitDecisions(evaluator, 2);
            ring.announce("elsewhere", "file:///etc/passwd", SOME_DIGEST, false);
            RingAround.awaitDecisions(evaluator, 3);
            ring.announce("above", ring.store().uri("sound") + "/../../secret", SOME_DIGEST, false);
            RingAround.awaitDecisions(evaluator, 4);
            ring.announce("remote", "https://example.org/checkpoint", SOME_DIGEST, false);
            RingAround.awaitDecisions(evaluator, 5);
            ring.announce("nonsense", "not a uri \u0000", SOME_DIGEST, false);
            RingAround.awaitDecisions(evaluator, 6);
            ring.announce("renamed", ring.store().uri("sound").toString(), sound.digest(), false);
            RingAround.awaitDecisions(evaluator, 7);
            ring.announce(broken, false);
            RingAround.awaitDecisions(evaluator, 8);
            ring.announce(sound, false);
            RingAround.awaitDecisions(evaluator, 9);
        }

        List<CheckpointEvaluated> evaluations = ring.evaluations();
        evaluations.subList(0, 8).forEach(e -> assertEquals(Decision.REFUSED, e.getDecision(), e.getReason()));
        assertTrue(
                evaluations.get(7).getReason().contains("NaN"),
                evaluations.get(7).getReason());
        assertEquals(
                Decision.PROMOTED,
                evaluations.get(8).getDecision(),
                evaluations.get(8).getReason());
    }

    @Test
    void decidesNothingTwiceAfterARestart() throws Exception {
        try (Evaluator evaluator = ring.start()) {
            ring.announce(ring.save("first", false, 7), false);
            RingAround.awaitDecisions(evaluator, 1);
        }

        try (Evaluator restarted = ring.start()) {
            ring.announce(ring.save("second", false, 7), false);
            RingAround.awaitDecisions(restarted, 2);
        }

        assertEquals(
                List.of("first", "second"),
                ring.evaluations().stream()
                        .map(CheckpointEvaluated::getCheckpointId)
                        .toList());
        assertEquals("first", ring.evaluations().get(1).getChampion());
        assertEquals(1, ring.promotions().size());
    }

    @Test
    void skipsWhatANewerOneOfItsStageWaitsBehind() throws Exception {
        ring.announce(ring.save("old", false, 1), false);
        ring.announce(ring.save("older", false, 2), false);
        ring.announce(ring.save("newest", false, 3), false);

        try (Evaluator evaluator = ring.start()) {
            RingAround.awaitDecisions(evaluator, 3);
        }

        assertEquals(
                List.of(Decision.SKIPPED, Decision.SKIPPED, Decision.PROMOTED),
                ring.evaluations().stream()
                        .map(CheckpointEvaluated::getDecision)
                        .toList());
    }

    @Test
    void putsPoisonIntoTheDeadLettersOnce() throws Exception {
        List<String> poisoned = List.of("checkpoints", "evaluations", "held-out-queries", "passages", "promotions");
        for (String topic : poisoned) {
            ring.sendRaw(topic, "poison", new byte[] {1, 2, 3});
        }
        ring.sendRaw("checkpoints", null, new byte[] {1});

        for (int start = 0; start < 2; start++) {
            try (Evaluator evaluator = ring.start()) {
                await().atMost(Duration.ofSeconds(30)).until(evaluator::isCaughtUp);
                assertEquals(RingAround.PASSAGES, evaluator.knowledge().corpus().size());
            }
        }

        assertEquals(
                List.of("checkpoints", "checkpoints", "evaluations", "held-out-queries", "passages", "promotions"),
                ring.deadLetters());
    }

    @Test
    void waitsForACorpusAndQueriesThatArriveLate() throws Exception {
        try (Evaluator evaluator = ring.start()) {
            await().atMost(Duration.ofSeconds(30)).until(evaluator::isCaughtUp);
            ring.holdOut("a late query about nothing", "p1");

            ring.announce(ring.save("first", false, 7), false);
            RingAround.awaitDecisions(evaluator, 1);

            assertEquals(
                    RingAround.PASSAGES + 1, evaluator.knowledge().heldOut().size());
        }
    }

    @Test
    void decidesNothingWhileTheStoreCannotBeReached() throws Exception {
        AtomicBoolean isCutOff = new AtomicBoolean();
        FlakyStore store = new FlakyStore(ring.store(), method -> isCutOff.get());
        isCutOff.set(true);
        try (Evaluator evaluator = ring.start(store)) {
            ring.announce(ring.save("first", false, 7), false);
            await().atMost(Duration.ofSeconds(30)).until(() -> store.failures() >= 1);
            assertEquals(0, evaluator.knowledge().history().evaluated().size());

            isCutOff.set(false);
            RingAround.awaitDecisions(evaluator, 1);
        }

        assertEquals(Decision.PROMOTED, ring.evaluations().get(0).getDecision());
    }

    @Test
    void comparesWithTheChampionOnceItCanBeReachedAgain() throws Exception {
        try (Evaluator evaluator = ring.start()) {
            ring.announce(ring.save("first", false, 7), false);
            RingAround.awaitDecisions(evaluator, 1);
        }
        AtomicInteger opened = new AtomicInteger();
        FlakyStore secondIsCutOff =
                new FlakyStore(ring.store(), method -> method.equals("open") && opened.incrementAndGet() == 2);
        ring.announce(ring.save("twin", false, 7), false);
        try (Evaluator restarted = ring.start(secondIsCutOff)) {
            RingAround.awaitDecisions(restarted, 2);
        }

        CheckpointEvaluated twin = ring.evaluations().get(1);
        assertEquals(1, secondIsCutOff.failures(), "the challenger is there, the champion is not");
        assertEquals(Decision.REJECTED, twin.getDecision());
        assertEquals("first", twin.getChampion());
    }

    private static void flipByte(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 1] ^= 1;
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fillWithNaN(Path checkpoint) {
        try (DualEncoder encoder = DualEncoder.open(checkpoint)) {
            String name = "retriever.embeddings.LayerNorm.weight";
            float[] weights = new float[32];
            Arrays.fill(weights, Float.NaN);
            encoder.parameters().array(name).set(weights);
            encoder.save(checkpoint);
        }
    }
}
