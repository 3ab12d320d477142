package dev.tandem.evaluator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.evaluator.Order.Action;
import dev.tandem.evaluator.history.EvaluatedCheckpoint;
import dev.tandem.evaluator.history.History;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.evaluator.history.SamplePromotion;
import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.TopicAdmin;
import dev.tandem.events.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promotions by order of a person, on a real broker and a real store. */
class OrdersIT {
    @TempDir
    Path directory;

    private RingAround ring;

    @BeforeEach
    void startBroker() throws Exception {
        ring = new RingAround(directory);
        ring.publishCorpus();
    }

    @AfterEach
    void stopBroker() {
        ring.close();
    }

    @Test
    void forcesAndRollsBackAndWritesBothDown() throws Exception {
        try (Evaluator evaluator = ring.start()) {
            promoteFirstAndRejectItsTwin(evaluator);
            Orders orders = evaluator.orders().orElseThrow();

            orders.carryOut(new Order(Action.FORCE, "twin", true, "the demo needs it", "ada"));
            awaitServedBy(evaluator, "twin");
            orders.carryOut(new Order(Action.ROLLBACK, null, null, "the demo is over", null));
            awaitServedBy(evaluator, "first");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> ring.store().embeddings().find("twin").isEmpty());
            assertTrue(ring.store().embeddings().find("first").isPresent());
        }

        List<CheckpointPromoted> promotions = ring.promotions();
        assertEquals(3, promotions.size());
        CheckpointPromoted forced = promotions.get(1);
        assertEquals("twin", forced.getCheckpointId());
        assertEquals("first", forced.getPreviousChampion());
        assertEquals("Forced: the demo needs it", forced.getReason());
        assertEquals("ada", forced.getPromotedBy());
        assertTrue(forced.getFrozen());
        assertFalse(forced.getMetrics().isEmpty());
        CheckpointPromoted back = promotions.get(2);
        assertEquals("first", back.getCheckpointId());
        assertEquals("Rolled back: the demo is over", back.getReason());
        assertEquals("operator", back.getPromotedBy());
        assertEquals(promotions.get(0).getMetrics(), back.getMetrics());
        assertTrue(back.getFrozen(), "as long as nobody unfreezes");
        assertTrue(forced.getEmbeddingsUri().startsWith(forced.getUri() + "/embeddings-"), forced.getEmbeddingsUri());
        assertEquals(promotions.get(0).getEmbeddingsUri(), back.getEmbeddingsUri());
    }

    @Test
    void refusesWhatCannotServeAndWhatChangesNothing() throws Exception {
        try (Evaluator evaluator = ring.start()) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> evaluator.orders().isPresent());
            Orders orders = evaluator.orders().orElseThrow();
            assertRefused(orders, Action.FREEZE, null, "There is no champion yet to keep");
            promoteFirstAndRejectItsTwin(evaluator);
            Files.writeString(ring.storeDirectory().resolve("twin/encoding.json"), "{}");

            assertRefused(orders, Action.ROLLBACK, null, "There was no champion before this one to roll back to");
            assertRefused(orders, Action.ROLLBACK, "twin", "Checkpoint twin was never champion");
            assertRefused(orders, Action.FORCE, "first", "Checkpoint first is the champion already");
            assertRefused(orders, Action.FORCE, "third", "Checkpoint third was never announced");
            assertRefused(orders, Action.FORCE, "twin", "Checkpoint twin cannot serve: ");
            assertRefused(orders, Action.UNFREEZE, null, "Promotions are not frozen");
        }

        assertEquals(1, ring.promotions().size());
    }

    @Test
    void promotesNothingByTheRuleWhileFrozen() throws Exception {
        try (Evaluator evaluator = ring.start()) {
            promoteFirstAndRejectItsTwin(evaluator);
            Order order = new Order(Action.FREEZE, null, null, "holidays", "ada");
            evaluator.orders().orElseThrow().carryOut(order);
        }
        Files.delete(ring.storeDirectory().resolve("first/encoding.json")); // so that the next would succeed it
        ring.announce(ring.save("second", false, 8), false);

        try (Evaluator restarted = ring.start()) {
            RingAround.awaitDecisions(restarted, 3);
        }

        String reason = ring.evaluations().get(2).getReason();
        assertTrue(reason.startsWith("Promotions are frozen, else it would be promoted. First champion: "), reason);
        assertEquals("Frozen: holidays", ring.promotions().get(1).getReason());
        assertEquals("first", ring.promotions().get(1).getPreviousChampion());
    }

    @Test
    void doesNotUndoAnOrderThatCameDuringAnEvaluation() throws Exception {
        Topics topics = new Topics();
        assertTrue(TopicAdmin.awaitTopics(ring.kafka(), topics, () -> false));
        History history = new History();
        try (Outbox outbox = new Outbox(new Clients(ring.kafka()).transactionalProducer("test"), topics)) {
            outbox.open();
            Decisions decisions = new Decisions(outbox, history);
            decisions.record(known -> promoted("ordered", null, false));

            assertFalse(decisions.record(evaluated(), Optional.of(promoted("better", "before", false))));
            assertTrue(decisions.record(evaluated(), Optional.of(promoted("better", "ordered", false))));
            decisions.record(known -> promoted("better", "better", true));
            assertFalse(decisions.record(evaluated(), Optional.of(promoted("best", "better", false))));
        }

        assertEquals("better", history.championId());
        assertEquals(3, ring.promotions().size());
        assertEquals(1, ring.evaluations().size());
    }

    private static EvaluatedCheckpoint evaluated() {
        return new EvaluatedCheckpoint(
                "better",
                null,
                1,
                "JOINT",
                List.of(),
                List.of(),
                dev.tandem.evaluator.history.Decision.PROMOTED,
                "because",
                1,
                Instant.EPOCH,
                null);
    }

    private static PromotedCheckpoint promoted(String id, String previous, boolean frozen) {
        return SamplePromotion.of(id, previous, Instant.EPOCH, frozen);
    }

    private void promoteFirstAndRejectItsTwin(Evaluator evaluator) throws Exception {
        ring.announce(ring.save("first", false, 7), false);
        RingAround.awaitDecisions(evaluator, 1);
        ring.announce(ring.save("twin", false, 7), false);
        RingAround.awaitDecisions(evaluator, 2);
    }

    private static void assertRefused(Orders orders, Action action, String checkpoint, String why) {
        var refusal = assertThrows(
                OrderRefusedException.class,
                () -> orders.carryOut(new Order(action, checkpoint, null, "to see", null)));
        assertTrue(refusal.getMessage().startsWith(why), refusal.getMessage());
    }

    private static void awaitServedBy(Evaluator evaluator, String id) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> evaluator
                        .models()
                        .borrowChampion(model -> model.id())
                        .filter(id::equals)
                        .isPresent());
    }
}
