package dev.tandem.miner.mining;

import static java.util.Objects.requireNonNull;

import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import java.time.Instant;
import java.util.List;

/**
 * A query that may be trained on, with its labels.
 *
 * @param positives ids of the passages labelled relevant, sorted
 * @param notRelevant ids of the passages judged not relevant, sorted
 * @param freshestFeedbackAt event time of the newest label
 */
public record TrainingQuery(
        QueryKey key, Query query, List<String> positives, List<String> notRelevant, Instant freshestFeedbackAt) {
    public TrainingQuery {
        requireNonNull(key, "key is null");
        requireNonNull(query, "query is null");
        requireNonNull(freshestFeedbackAt, "freshestFeedbackAt is null");
        positives = positives.stream().sorted().distinct().toList();
        notRelevant = notRelevant.stream().sorted().distinct().toList();
        if (positives.stream().anyMatch(notRelevant::contains)) {
            throw new IllegalArgumentException(
                    "Query %s has a passage labelled both relevant and not relevant".formatted(query.id()));
        }
    }

    /** Whether anybody has said of any passage that it is relevant. */
    public boolean isLabelled() {
        return !positives.isEmpty();
    }
}
