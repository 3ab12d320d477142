package dev.tandem.quickstart.drill;

import dev.tandem.events.CheckpointEvaluated;
import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The part of the {@link Books} that is about checkpoints. */
final class CheckpointBook {
    private final Topics topics = new Topics();
    private final Map<String, List<CheckpointSaved>> announced = new LinkedHashMap<>();
    private final Map<String, List<CheckpointEvaluated>> decisions = new LinkedHashMap<>();
    private final List<CheckpointPromoted> promotions = new ArrayList<>();
    private Instant newestCheckpoint = Instant.EPOCH;
    private Instant newestDecision = Instant.EPOCH;

    /** Reads a record, if it is of such a topic. */
    synchronized void learn(String topic, byte[] value) {
        if (topic.equals(topics.checkpoints().name())) {
            CheckpointSaved saved = topics.checkpoints().read(value);
            announced.computeIfAbsent(saved.getId(), id -> new ArrayList<>()).add(saved);
            newestCheckpoint = Books.later(newestCheckpoint, saved.getSavedAt());
        } else if (topic.equals(topics.evaluations().name())) {
            CheckpointEvaluated evaluated = topics.evaluations().read(value);
            decisions
                    .computeIfAbsent(evaluated.getCheckpointId(), id -> new ArrayList<>())
                    .add(evaluated);
            newestDecision = Books.later(newestDecision, evaluated.getEvaluatedAt());
        } else if (topic.equals(topics.promotions().name())) {
            promotions.add(topics.promotions().read(value));
        }
    }

    /** Whether a checkpoint was saved and a decision taken since then. */
    synchronized boolean hasTurnedSince(Instant moment) {
        return newestCheckpoint.isAfter(moment) && newestDecision.isAfter(moment);
    }

    /** By id, in the order of the first announcement. */
    synchronized Map<String, List<CheckpointSaved>> announced() {
        return new LinkedHashMap<>(announced);
    }

    /** By id of the checkpoint. */
    synchronized Map<String, List<CheckpointEvaluated>> decisions() {
        return new LinkedHashMap<>(decisions);
    }

    synchronized List<CheckpointPromoted> promotions() {
        return List.copyOf(promotions);
    }
}
