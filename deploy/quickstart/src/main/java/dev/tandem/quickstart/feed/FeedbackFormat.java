package dev.tandem.quickstart.feed;

import dev.tandem.retrieval.line.JsonLine;

/** How feedback is written in a file. */
public enum FeedbackFormat {
    /** Tandem's own lines. */
    TANDEM,
    /** OpenSearch User Behavior Insights: documents of {@code ubi_queries} and {@code ubi_events}. */
    UBI,
    /** Metarank's events: item, ranking, interaction. */
    METARANK;

    /** The format of a line, by fields that only one of them has. */
    static FeedbackFormat of(JsonLine json) {
        if (json.optional("event").isPresent()) {
            return METARANK;
        }
        boolean isUbi = json.optional("_source").isPresent()
                || json.optional("query_id").isPresent()
                || json.optional("user_query").isPresent()
                || json.optional("action_name").isPresent();
        return isUbi ? UBI : TANDEM;
    }
}
