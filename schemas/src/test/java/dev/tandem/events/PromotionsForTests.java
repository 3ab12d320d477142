package dev.tandem.events;

import java.time.Instant;
import java.util.List;

/** Promotions with one metric. */
public final class PromotionsForTests {
    private PromotionsForTests() {}

    /** Of a checkpoint whose retriever has an MRR@10 of 0.5 on the gate queries. */
    public static CheckpointPromoted promotion(String checkpoint) {
        return CheckpointPromoted.newBuilder()
                .setCheckpointId(checkpoint)
                .setUri("file:///checkpoints/" + checkpoint)
                .setDigest("0".repeat(64))
                .setStep(1)
                .setRerankerTrained(false)
                .setMetrics(List.of(new MetricValue("retriever", "mrr@10", "gate", "all", 10, 0.5, 0.4, 0.6)))
                .setReason("Better")
                .setPromotedAt(Instant.EPOCH)
                .build();
    }
}
