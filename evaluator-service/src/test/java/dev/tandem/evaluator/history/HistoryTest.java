package dev.tandem.evaluator.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.evaluator.promotion.TestSequence;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private final History history = new History();

    @Test
    void skipsWhatANewerOneOfTheSameStageWaitsBehind() {
        history.saved(saved("r1", "RETRIEVER_WARM_UP"));
        history.saved(saved("r2", "RETRIEVER_WARM_UP"));
        history.saved(saved("j1", "JOINT"));

        assertEquals(List.of("r1"), ids(history.superseded()));
    }

    @Test
    void waitsForWhatIsNotDecidedAndForgetsWhatIs() {
        history.saved(saved("r1", "JOINT"));
        history.saved(saved("r1", "JOINT"));
        history.evaluated(decided("r1", Decision.REJECTED));
        history.evaluated(decided("r1", Decision.PROMOTED));

        assertTrue(history.waiting().isEmpty());
        assertEquals(Decision.REJECTED, history.evaluated("r1").orElseThrow().decision());
        assertEquals(2, history.revision());
    }

    @Test
    void takesThePromotionToldLastForTheChampion() {
        history.promoted(promoted("r1", 1));
        history.promoted(promoted("r2", 2));
        history.promoted(promoted("r1", 3));
        history.promoted(promoted("r1", 3));

        assertEquals("r1", history.champion().orElseThrow().id());
        assertEquals(3, history.promotions().size());
    }

    @Test
    void knowsWhoReignedBeforeAndWhetherPromotionsAreFrozen() {
        assertNull(history.championId());
        assertNull(history.formerChampion());
        history.promoted(promoted("r1", 1));
        history.promoted(promoted("r2", 2));

        assertEquals("r1", history.formerChampion());
        assertFalse(history.isFrozen());
        history.promoted(new PromotedCheckpoint(
                "r2",
                "file:///r2",
                "",
                1,
                false,
                "r2",
                List.of(),
                "holidays",
                "ada",
                Instant.EPOCH,
                true,
                List.of(),
                null));

        assertTrue(history.isFrozen());
        assertEquals("r1", history.formerChampion());
        assertFalse(history.champion().orElseThrow().changesChampion());
    }

    @Test
    void knowsSinceWhenTheChampionIsLiveAndPromotionsAreFrozen() {
        history.promoted(promoted("r1", 1));
        assertTrue(history.freezing().isEmpty());
        history.promoted(again("r1", 2, true));
        history.promoted(again("r1", 3, true));

        assertEquals(1, history.crowning().orElseThrow().promotedAt().getEpochSecond());
        assertEquals(2, history.freezing().orElseThrow().promotedAt().getEpochSecond());

        history.promoted(again("r1", 4, false));
        assertEquals(1, history.crowning().orElseThrow().promotedAt().getEpochSecond());
        assertTrue(history.freezing().isEmpty());
    }

    @Test
    void whatWasRolledBackIsNotTheFormerChampion() {
        history.promoted(promoted("r1", 1));
        history.promoted(promoted("r2", 2));
        history.promoted(promoted("r3", 3));
        history.promoted(promoted("r2", 4));

        assertEquals("r1", history.formerChampion());

        history.promoted(promoted("r1", 5));
        assertNull(history.formerChampion());
    }

    @Test
    void followsALineUntilItIsLostOrGoesInACircle() {
        history.saved(child("r3", "r2"));
        history.saved(child("r2", "r1"));
        history.saved(child("a", "b"));
        history.saved(child("b", "a"));

        assertEquals(List.of("r3", "r2"), ids(history.lineage("r3")));
        assertEquals(List.of("a", "b"), ids(history.lineage("a")));
        assertEquals(List.of(), history.lineage("unknown"));
    }

    @Test
    void countsTestsAndThePromotionsTheyEarned() {
        history.evaluated(decided("first", Decision.PROMOTED));
        history.evaluated(tested("r1", Decision.REJECTED));
        history.evaluated(decided("skipped", Decision.SKIPPED));
        history.evaluated(tested("r2", Decision.PROMOTED));
        history.evaluated(tested("r3", Decision.REJECTED));
        history.promoted(promoted("forced", 4));

        assertEquals(new TestSequence(3, List.of(0, 2)), history.tests());
    }

    @Test
    void chainsWhatChampionsLoseOnTheAnchorUntilAPersonPromotes() {
        promote("r1", null, 0);
        promote("r2", "r1", 0.02);
        promote("r3", "r2", -0.03);
        promote("r4", "r3", 0.01);

        assertEquals(0.02, history.behindBestOnAnchor(), 1e-12);

        history.promoted(new PromotedCheckpoint(
                "r3",
                "file:///r3",
                "",
                1,
                false,
                "r4",
                List.of(),
                "it serves",
                "ada",
                Instant.EPOCH,
                false,
                List.of(),
                null));
        assertEquals(0, history.behindBestOnAnchor());
    }

    @Test
    void keepsTheFirstAnchor() {
        assertEquals(List.of(), history.anchor());
        history.promoted(anchored("r1", List.of()));
        history.promoted(anchored("r2", List.of("q1", "q2")));
        history.promoted(anchored("r3", List.of("q3")));

        assertEquals(List.of("q1", "q2"), history.anchor());
    }

    private void promote(String id, String previous, double gained) {
        MetricDelta delta = new MetricDelta("fused", "mrr@10", gained, -1, 1, 1, 1, 2, 0, 1, "anchor");
        history.evaluated(new EvaluatedCheckpoint(
                id,
                previous,
                1,
                "JOINT",
                List.of(),
                List.of(delta),
                Decision.PROMOTED,
                "because",
                1,
                Instant.EPOCH,
                null));
        history.promoted(promotion(id, previous, 1, false));
    }

    private static PromotedCheckpoint anchored(String id, List<String> anchor) {
        return new PromotedCheckpoint(
                id,
                "file:///" + id,
                "",
                1,
                false,
                null,
                List.of(),
                "",
                "evaluator",
                Instant.EPOCH,
                false,
                anchor,
                null);
    }

    private static EvaluatedCheckpoint tested(String id, Decision decision) {
        MetricDelta delta = new MetricDelta("retriever", "mrr@10", 0.01, -0.01, 0.03, 0.3, 0.3, 2, 0, 1, "all");
        return new EvaluatedCheckpoint(
                id, "first", 1, "JOINT", List.of(), List.of(delta), decision, "because", 1, Instant.EPOCH, null);
    }

    private static SavedCheckpoint child(String id, String parent) {
        return new SavedCheckpoint(
                id, parent, 1, "JOINT", false, "file:///" + id, "", Map.of(), 1, null, Instant.EPOCH);
    }

    private static List<String> ids(List<SavedCheckpoint> checkpoints) {
        return checkpoints.stream().map(SavedCheckpoint::id).toList();
    }

    private static SavedCheckpoint saved(String id, String stage) {
        return new SavedCheckpoint(id, null, 1, stage, false, "file:///" + id, "", Map.of(), 1, null, Instant.EPOCH);
    }

    private static EvaluatedCheckpoint decided(String id, Decision decision) {
        return new EvaluatedCheckpoint(
                id, null, 1, "JOINT", List.of(), List.of(), decision, "because", 1, Instant.EPOCH, null);
    }

    private static PromotedCheckpoint promoted(String id, long at) {
        return promotion(id, null, at, false);
    }

    private static PromotedCheckpoint again(String id, long at, boolean frozen) {
        return promotion(id, id, at, frozen);
    }

    private static PromotedCheckpoint promotion(String id, String previous, long at, boolean frozen) {
        return SamplePromotion.of(id, previous, Instant.ofEpochSecond(at), frozen);
    }
}
