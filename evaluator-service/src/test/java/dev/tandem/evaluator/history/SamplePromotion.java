package dev.tandem.evaluator.history;

import java.time.Instant;
import java.util.List;

/** A promotion of which only what a test is about matters. */
public final class SamplePromotion {
    private SamplePromotion() {}

    public static PromotedCheckpoint of(String id, String previous, Instant at, boolean frozen) {
        return new PromotedCheckpoint(
                id,
                "file:///" + id,
                "",
                1,
                false,
                previous,
                List.of(),
                "because",
                "evaluator",
                at,
                frozen,
                List.of(),
                null);
    }
}
