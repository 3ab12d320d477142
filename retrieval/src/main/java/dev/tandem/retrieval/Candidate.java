package dev.tandem.retrieval;

import static java.util.Objects.requireNonNull;

/**
 * One passage of a candidate list, with what the miner knew of it.
 *
 * @param retrieverScore score of the retriever that mined it, null when it was not retrieved
 * @param retrieverRank rank in that retrieval, 1 is the top, null when it was not retrieved
 * @param rerankerScore sigmoid of the champion's cross-encoder logit, null when it was not scored
 */
public record Candidate(Role role, Passage passage, Float retrieverScore, Integer retrieverRank, Float rerankerScore) {
    /** Why a passage is in a list. */
    public enum Role {
        /** Labelled relevant. */
        POSITIVE,
        /** Unlabelled, but scored above the upper threshold by the cross encoder. */
        PSEUDO_POSITIVE,
        /** Labelled not relevant. */
        JUDGED_NEGATIVE,
        /** Scored below the lower threshold by the cross encoder. */
        HARD_NEGATIVE,
        /** As retrieved, confirmed by nobody. */
        RETRIEVED;

        public boolean isPositive() {
            return this == POSITIVE || this == PSEUDO_POSITIVE;
        }
    }

    public Candidate {
        requireNonNull(role, "role is null");
        requireNonNull(passage, "passage is null");
    }
}
