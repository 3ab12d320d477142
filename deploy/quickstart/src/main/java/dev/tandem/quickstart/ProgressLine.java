package dev.tandem.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.events.CheckpointPromoted;
import java.util.Locale;
import java.util.Optional;

/** Where the ring stands, in words, from what the three services report of themselves. */
public final class ProgressLine {
    private ProgressLine() {}

    static String of(
            Optional<JsonNode> miner, Optional<JsonNode> trainer, Optional<JsonNode> evaluator, String champion) {
        return "%s | %s | %s | %s"
                .formatted(
                        miner.map(ProgressLine::mined).orElse("miner starts"),
                        trainer.map(ProgressLine::trained).orElse("trainer starts"),
                        evaluator.map(ProgressLine::evaluated).orElse("evaluator starts"),
                        champion);
    }

    private static String mined(JsonNode miner) {
        JsonNode remining = miner.path("remining");
        return remining.path("running").asBoolean()
                ? "re-mining %,d of %,d"
                        .formatted(
                                remining.path("done").asLong(),
                                remining.path("total").asLong())
                : "%,d lists".formatted(miner.path("lists").asLong());
    }

    /** What the miner has taken in and made of it. */
    public static String feedback(JsonNode miner) {
        return "%,d passages, %,d labelled queries to train on, %,d held out, %,d clicks taken; %s, by %s"
                .formatted(
                        miner.path("passages").asLong(),
                        miner.path("labelledQueries").asLong(),
                        miner.path("heldOut").asLong(),
                        miner.path("clicks").path("accepted").asLong(),
                        mined(miner),
                        miner.path("minedBy").asText());
    }

    /** How far the trainer is in its stage. */
    public static String trained(JsonNode trainer) {
        if (trainer.path("waiting").asBoolean()) {
            return "trainer waits at step %d".formatted(trainer.path("step").asLong());
        }
        long steps = trainer.path("stageSteps").asLong();
        return "%s %d%s loss %s"
                .formatted(
                        trainer.path("stage")
                                .asText("")
                                .toLowerCase(Locale.ROOT)
                                .replace('_', ' '),
                        trainer.path("stageStep").asLong(),
                        steps > 0 ? "/" + steps : "",
                        trainer.path("loss").isNumber()
                                ? String.format(
                                        Locale.ROOT,
                                        "%.3f",
                                        trainer.path("loss").asDouble())
                                : "–");
    }

    /** What the evaluator does and has decided. */
    public static String evaluated(JsonNode evaluator) {
        String now = evaluator.path("evaluating").isTextual()
                ? "evaluating %s %.0f %%"
                        .formatted(
                                evaluator.path("evaluating").asText(),
                                100 * evaluator.path("share").asDouble())
                : "%d evaluated".formatted(evaluator.path("evaluated").asLong());
        return "%s, %d promoted".formatted(now, evaluator.path("promotions").asLong());
    }

    /** A promotion as a line of its own. */
    static String promotion(CheckpointPromoted promotion) {
        return "promoted %s (%s): %s"
                .formatted(promotion.getCheckpointId(), champion(promotion), promotion.getReason());
    }

    /** The champion's metrics on the queries the gate looks at. */
    static String champion(CheckpointPromoted promotion) {
        return "MRR@10 retriever %s re-ranker %s"
                .formatted(
                        mrr(promotion, "retriever"), promotion.getRerankerTrained() ? mrr(promotion, "reranker") : "–");
    }

    private static String mrr(CheckpointPromoted promotion, String ranking) {
        return promotion.getMetrics().stream()
                .filter(metric -> metric.getRanking().equals(ranking)
                        && metric.getName().equals("mrr@10")
                        && metric.getQuerySet().equals("gate")
                        && metric.getSlice().equals("all"))
                .findFirst()
                .map(metric -> String.format(Locale.ROOT, "%.3f", metric.getValue()))
                .orElse("–");
    }
}
