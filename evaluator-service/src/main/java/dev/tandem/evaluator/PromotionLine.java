package dev.tandem.evaluator;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.events.CheckpointPromoted;

/** A promotion as one line of JSON, for those who do not read Avro: the command line's, and the webhook's body. */
public final class PromotionLine {
    private static final String ALL = "all";

    private PromotionLine() {}

    /** Every field of the event; of its metrics those over all queries, by query set, ranking and name. */
    public static String of(CheckpointPromoted event) {
        ObjectNode line = new JsonMapper()
                .createObjectNode()
                .put("checkpoint", event.getCheckpointId())
                .put("step", event.getStep())
                .put("uri", event.getUri())
                .put("digest", event.getDigest())
                .put("rerankerTrained", event.getRerankerTrained())
                .put("previousChampion", event.getPreviousChampion())
                .put("reason", event.getReason())
                .put("embeddingsUri", event.getEmbeddingsUri())
                .put("promotedBy", event.getPromotedBy())
                .put("frozen", event.getFrozen())
                .put("promotedAt", event.getPromotedAt().toString());
        ObjectNode metrics = line.putObject("metrics");
        event.getMetrics().stream()
                .filter(metric -> metric.getSlice().equals(ALL))
                .forEach(metric -> metrics.withObjectProperty(metric.getQuerySet())
                        .withObjectProperty(metric.getRanking())
                        .put(metric.getName(), metric.getValue()));
        return line.toString();
    }
}
