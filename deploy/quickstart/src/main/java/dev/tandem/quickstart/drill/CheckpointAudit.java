package dev.tandem.quickstart.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.events.CheckpointEvaluated;
import dev.tandem.events.CheckpointPromoted;
import dev.tandem.events.CheckpointSaved;
import dev.tandem.events.Decision;
import dev.tandem.events.Topics;
import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether checkpoints form one line, each announced with one voice and decided once, and only whole ones were promoted. */
final class CheckpointAudit {
    private final Books books;
    private final CheckpointStore store;
    private final JsonNode miner;
    private final JsonNode evaluator;

    /**
     * An audit of what is there now.
     *
     * @param miner what it says of itself, once it has caught up
     * @param evaluator what it says of itself, once nothing waits
     */
    CheckpointAudit(Books books, CheckpointStore store, JsonNode miner, JsonNode evaluator) {
        this.books = books;
        this.store = store;
        this.miner = miner;
        this.evaluator = evaluator;
    }

    List<Check> checks() throws IOException {
        return List.of(announcedAlike(), oneLine(), decidedOnce(), promotedWhole(), passages());
    }

    private Check announcedAlike() {
        List<String> different = new ArrayList<>();
        books.checkpoints().announced().forEach((id, twins) -> {
            if (new HashSet<>(twins).size() > 1) {
                different.add(id);
            }
        });
        return Check.of(
                "checkpoints have one announcement, without its twins",
                books.checkpoints().announced().size(),
                different);
    }

    private Check oneLine() {
        Set<String> parents = new HashSet<>();
        List<String> wrong = new ArrayList<>();
        Map<String, List<CheckpointSaved>> announced = books.checkpoints().announced();
        announced.forEach((id, twins) -> {
            String parent = twins.get(0).getParent();
            if (!parents.add(String.valueOf(parent)) || (parent != null && !announced.containsKey(parent))) {
                wrong.add("%s after %s".formatted(id, parent));
            }
        });
        return Check.of("checkpoints form one line, none is missing", announced.size(), wrong);
    }

    private Check decidedOnce() {
        Map<String, List<CheckpointEvaluated>> decisions = books.checkpoints().decisions();
        List<String> wrong = new ArrayList<>();
        for (String id : books.checkpoints().announced().keySet()) {
            List<CheckpointEvaluated> taken = decisions.getOrDefault(id, List.of());
            if (taken.size() != 1 || taken.get(0).getDecision() == Decision.REFUSED) {
                wrong.add("%s: %s"
                        .formatted(
                                id,
                                taken.stream()
                                        .map(decision -> decision.getDecision() + " " + decision.getReason())
                                        .toList()));
            }
        }
        return Check.of(
                "checkpoints have one decision, none was refused",
                books.checkpoints().announced().size(),
                wrong);
    }

    private Check promotedWhole() throws IOException {
        Map<String, Integer> promotedByRule = new HashMap<>();
        books.checkpoints()
                .decisions()
                .forEach((id, taken) -> promotedByRule.put(id, (int) taken.stream()
                        .filter(decision -> decision.getDecision() == Decision.PROMOTED)
                        .count()));
        List<String> wrong = new ArrayList<>();
        List<CheckpointPromoted> promotions = books.checkpoints().promotions();
        for (CheckpointPromoted promotion : promotions) {
            String id = promotion.getCheckpointId();
            try {
                store.open(URI.create(promotion.getUri()), promotion.getDigest());
            } catch (CheckpointCorruptedException e) {
                wrong.add(e.getMessage());
            }
            List<CheckpointSaved> announced = books.checkpoints().announced().getOrDefault(id, List.of());
            boolean isKnown =
                    !announced.isEmpty() && announced.get(0).getDigest().equals(promotion.getDigest());
            if (!isKnown || promotedByRule.getOrDefault(id, 0) != 1) {
                wrong.add(id + " was not announced so, or not decided so");
            }
        }
        return Check.of("promotions name a checkpoint that is whole, and decided so", promotions.size(), wrong);
    }

    private Check passages() {
        String topic = new Topics().passages().name();
        Set<String> published = new HashSet<>();
        books.keys().forEach((place, key) -> {
            if (place.topic().equals(topic) && !key.startsWith("poison-")) {
                published.add(key);
            }
        });
        long miners = miner.path("passages").asLong();
        long evaluators = evaluator.path("passages").asLong();
        return Check.same(
                "passages are in both indexes",
                published.size(),
                miners == evaluators ? miners : Math.min(miners, evaluators));
    }
}
