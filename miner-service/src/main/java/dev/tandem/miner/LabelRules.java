package dev.tandem.miner;

import static java.util.Objects.requireNonNull;

import dev.tandem.miner.label.ClickPolicy;

/**
 * What becomes of feedback.
 *
 * @param policy which clicks are labels
 * @param heldOutShare share of the query texts kept for evaluation, 0 to below 1, where the sender does not say
 * @param unlabelledShare share of the query texts without a label that are mined all the same, 0 to 1
 */
record LabelRules(ClickPolicy policy, double heldOutShare, double unlabelledShare) {
    LabelRules {
        requireNonNull(policy, "policy is null");
        if (!(heldOutShare >= 0 && heldOutShare < 1)) {
            throw new IllegalArgumentException(
                    "Expected a held-out share from 0 to below 1, got %s; check miner.held-out-share"
                            .formatted(heldOutShare));
        }
        if (!(unlabelledShare >= 0 && unlabelledShare <= 1)) {
            throw new IllegalArgumentException(
                    "Expected a share of unlabelled queries from 0 to 1, got %s; check miner.unlabelled-share"
                            .formatted(unlabelledShare));
        }
    }
}
