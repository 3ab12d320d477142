package dev.tandem.evaluator.history;

import dev.tandem.evaluator.promotion.TestSequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The checkpoints with what became of them, and the champions.
 *
 * <p>Told by the topics, and by the loop about its own decisions a moment before the topics repeat them: what is told twice
 * changes nothing.
 */
public final class History {
    /** Who promotes where no person does. */
    public static final String RULE = "evaluator";

    private final Map<String, SavedCheckpoint> saved = new LinkedHashMap<>();
    private final Map<String, EvaluatedCheckpoint> evaluated = new LinkedHashMap<>();
    private final LinkedHashSet<PromotedCheckpoint> promotions = new LinkedHashSet<>();
    private long revision;

    /** A checkpoint was announced; the first announcement of an id counts. */
    public synchronized void saved(SavedCheckpoint checkpoint) {
        if (saved.putIfAbsent(checkpoint.id(), checkpoint) == null) {
            revision++;
        }
    }

    /** A decision was taken; the first one counts. */
    public synchronized void evaluated(EvaluatedCheckpoint checkpoint) {
        if (evaluated.putIfAbsent(checkpoint.id(), checkpoint) == null) {
            revision++;
        }
    }

    /** A checkpoint was promoted, for the first time or again. */
    public synchronized void promoted(PromotedCheckpoint checkpoint) {
        if (promotions.add(checkpoint)) {
            revision++;
        }
    }

    /** Announced and not yet decided, in the order of their announcement. */
    public synchronized List<SavedCheckpoint> waiting() {
        return saved.values().stream()
                .filter(checkpoint -> !evaluated.containsKey(checkpoint.id()))
                .toList();
    }

    /**
     * Those waiting that need no evaluation: a newer one of the same stage waits behind them, and only the newest state of a
     * stage can become the better champion. So a slow evaluator never falls behind.
     */
    public synchronized List<SavedCheckpoint> superseded() {
        List<SavedCheckpoint> waiting = waiting();
        List<SavedCheckpoint> superseded = new ArrayList<>();
        for (int i = 0; i < waiting.size(); i++) {
            String stage = waiting.get(i).stage();
            if (waiting.subList(i + 1, waiting.size()).stream()
                    .anyMatch(later -> later.stage().equals(stage))) {
                superseded.add(waiting.get(i));
            }
        }
        return superseded;
    }

    /** The announcements in their order. */
    public synchronized List<SavedCheckpoint> saved() {
        return List.copyOf(saved.values());
    }

    public synchronized Optional<SavedCheckpoint> saved(String id) {
        return Optional.ofNullable(saved.get(id));
    }

    /** A checkpoint and those it was trained from, itself first; ends where one was never announced. */
    public synchronized List<SavedCheckpoint> lineage(String id) {
        Map<String, SavedCheckpoint> line = new LinkedHashMap<>();
        SavedCheckpoint next = saved.get(id);
        while (next != null && line.putIfAbsent(next.id(), next) == null) { // a forged event could make a circle
            next = next.parent() == null ? null : saved.get(next.parent());
        }
        return List.copyOf(line.values());
    }

    /** The decisions in their order. */
    public synchronized List<EvaluatedCheckpoint> evaluated() {
        return List.copyOf(evaluated.values());
    }

    public synchronized Optional<EvaluatedCheckpoint> evaluated(String id) {
        return Optional.ofNullable(evaluated.get(id));
    }

    /** The tests on the gate queries so far, read off the decisions: a restart continues them. */
    public synchronized TestSequence tests() {
        TestSequence tests = TestSequence.START;
        for (EvaluatedCheckpoint checkpoint : evaluated.values()) {
            if (checkpoint.wasTested()) {
                tests = tests.tested(checkpoint.decision() == Decision.PROMOTED);
            }
        }
        return tests;
    }

    /** Keys of the queries in the anchor, empty until a promotion sets it. */
    public synchronized List<String> anchor() {
        return promotions.stream()
                .map(PromotedCheckpoint::anchor)
                .filter(anchor -> !anchor.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /**
     * How far the champion lies behind the best champion so far on the anchor, 0 or more: the differences that were measured
     * between each and the next, chained, so that a corpus that grows meanwhile counts for nothing. Whom a person promotes is
     * measured by from then on.
     */
    public synchronized double behindBestOnAnchor() {
        double behind = 0;
        for (PromotedCheckpoint promoted : promotions) {
            if (promoted.changesChampion()) {
                EvaluatedCheckpoint decided = evaluated.get(promoted.id());
                boolean byRule = promoted.promotedBy().equals(RULE) && decided != null;
                behind = byRule ? Math.max(0, behind - decided.gainedOnAnchor()) : 0;
            }
        }
        return behind;
    }

    /** The promotions in their order: the last is the champion's. */
    public synchronized List<PromotedCheckpoint> promotions() {
        return List.copyOf(promotions);
    }

    public synchronized Optional<PromotedCheckpoint> champion() {
        return promotions.stream().reduce((earlier, later) -> later);
    }

    /** The promotion since which the champion is live; what only froze or unfroze promotions came later. */
    public synchronized Optional<PromotedCheckpoint> crowning() {
        return promotions.stream()
                .reduce((since, later) -> later.changesChampion() || !later.id().equals(since.id()) ? later : since);
    }

    /** The promotion by which promotions were frozen, empty where they are not. */
    public synchronized Optional<PromotedCheckpoint> freezing() {
        PromotedCheckpoint since = null;
        for (PromotedCheckpoint promoted : promotions) {
            since = !promoted.frozen() ? null : since == null ? promoted : since;
        }
        return Optional.ofNullable(since);
    }

    /** Id of the champion, null while there is none. */
    public synchronized String championId() {
        return champion().map(PromotedCheckpoint::id).orElse(null);
    }

    /** Whether a person has ordered that the rule promotes nothing. */
    public synchronized boolean isFrozen() {
        return champion().map(PromotedCheckpoint::frozen).orElse(false);
    }

    /**
     * Id of the champion before this one, null if there was none. What was rolled back does not count: after A, B, C and a
     * rollback to B it is A.
     */
    public synchronized String formerChampion() {
        Deque<String> reigns = new ArrayDeque<>();
        for (PromotedCheckpoint promoted : promotions) {
            if (reigns.contains(promoted.id())) {
                while (!reigns.getLast().equals(promoted.id())) {
                    reigns.removeLast();
                }
            } else {
                reigns.addLast(promoted.id());
            }
        }
        reigns.pollLast();
        return reigns.peekLast();
    }

    /** Grows with every change. */
    public synchronized long revision() {
        return revision;
    }
}
