package dev.tandem.quickstart.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.LabelledQuery;
import dev.tandem.quickstart.drill.Books.MinedList;
import dev.tandem.trainer.batch.Origin;
import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.resume.TrainingState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Whether every label became lists, and every list was learned from as the trainer's checkpoints say. */
final class ListAudit {
    private static final String UNDENOISED = "/undenoised";

    private final Books books;
    private final JsonNode miner;
    private final TrainingState last;

    /**
     * An audit of what is there now.
     *
     * @param miner what the miner says of itself, once it has caught up
     * @param last state of the trainer's last checkpoint
     */
    ListAudit(Books books, JsonNode miner, TrainingState last) {
        this.books = books;
        this.miner = miner;
        this.last = last;
    }

    List<Check> checks() {
        return List.of(mined(), countedOnce(), pool(), steps());
    }

    private Check mined() {
        Map<String, MinedList> newest = new HashMap<>();
        books.lists().forEach(list -> newest.put(list.key(), list));
        List<LabelledQuery> toTrainOn = books.labels().values().stream()
                .filter(labelled ->
                        !labelled.getHeldOut() && !labelled.getLabels().isEmpty())
                .toList();
        List<String> missing = new ArrayList<>();
        for (LabelledQuery labelled : toTrainOn) {
            MinedList list = newest.get(labelled.getQueryKey() + UNDENOISED);
            if (list == null
                    || list.isTombstone()
                    || !list.freshestFeedbackAt().equals(labelled.getFreshestFeedbackAt())) {
                missing.add("%s labelled at %s, list %s"
                        .formatted(labelled.getText(), labelled.getFreshestFeedbackAt(), list));
            }
        }
        return Check.of("labels have their list", toTrainOn.size(), missing);
    }

    /** The miner keeps its count in the transactions of the lists. */
    private Check countedOnce() {
        long there = books.lists().stream().filter(list -> !list.isTombstone()).count();
        return Check.same(
                "lists are on the topic as often as the miner counted",
                miner.path("lists").asLong(),
                there);
    }

    /** The newest list of each query and kind that was read is held, and no other. */
    private Check pool() {
        Map<String, Origin> newest = new HashMap<>();
        for (MinedList list : books.lists()) {
            Place place = list.place();
            if (place.offset() < last.position().offsets().getOrDefault(place.partition(), 0L)) {
                if (list.isTombstone()) {
                    newest.remove(list.key());
                } else {
                    newest.put(list.key(), new Origin(place.partition(), place.offset()));
                }
            }
        }
        Set<Origin> expected = new TreeSet<>(newest.values());
        Set<Origin> held = new TreeSet<>(last.pool().uses().keySet());
        Set<Origin> wrong = new TreeSet<>(expected);
        wrong.removeAll(held);
        held.removeAll(expected);
        wrong.addAll(held);
        return Check.of("the last checkpoint holds each list that was read, once", expected.size(), wrong);
    }

    /** From one checkpoint to the next: as many lists as its steps take. */
    private Check steps() {
        Map<String, CheckpointSaved> byId = new HashMap<>();
        books.checkpoints().announced().forEach((id, twins) -> byId.put(id, twins.get(0)));
        List<String> wrong = new ArrayList<>();
        for (CheckpointSaved saved : byId.values()) {
            CheckpointSaved parent = saved.getParent() == null ? null : byId.get(saved.getParent());
            long steps = saved.getStep() - (parent == null ? 0 : parent.getStep());
            long lists = saved.getLists() - (parent == null ? 0 : parent.getLists());
            int each = last.recipe().lists(Stage.valueOf(saved.getStage().name()));
            if (lists != steps * each) {
                wrong.add("%s: %d lists in %d steps".formatted(saved.getId(), lists, steps));
            }
        }
        return Check.of("checkpoints count the lists that their steps took", byId.size(), wrong);
    }
}
