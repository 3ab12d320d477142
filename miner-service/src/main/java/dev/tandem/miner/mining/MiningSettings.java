package dev.tandem.miner.mining;

import static java.util.Objects.requireNonNull;

import dev.tandem.miner.denoising.Denoising;
import java.util.OptionalDouble;

/**
 * How lists are made.
 *
 * @param retrieveDepth n, passages retrieved for a query
 * @param rerankDepth m, passages of these scored by the cross encoder
 * @param listLength L, passages in a list, the positive included
 * @param seed seed of the sampling
 * @param denoising what the cross encoder's scores mean
 * @param negativeLimit share of the score of the lowest labelled positive, above 0 to 1: what the retriever scores higher is no
 *     negative as retrieved (Moreira et al., 2024, NV-Retriever, section 3: 0.95); it holds where every labelled positive is
 *     among the retrieved. Empty for no limit
 * @param unlabelledShare share of the queries without a label of which a list is made, 0 to 1
 */
public record MiningSettings(
        int retrieveDepth,
        int rerankDepth,
        int listLength,
        long seed,
        Denoising denoising,
        OptionalDouble negativeLimit,
        double unlabelledShare) {
    public MiningSettings {
        requireNonNull(denoising, "denoising is null");
        negativeLimit.ifPresent(MiningSettings::checkLimit);
        if (!(unlabelledShare >= 0 && unlabelledShare <= 1)) {
            throw new IllegalArgumentException("Expected an unlabelled-share from 0 to 1, got " + unlabelledShare);
        }
        if (listLength < 2 || listLength > 128) {
            throw new IllegalArgumentException("Expected lists of 2 to 128 passages, got " + listLength);
        }
        if (retrieveDepth < listLength || rerankDepth < 1 || rerankDepth > retrieveDepth) {
            throw new IllegalArgumentException(
                    "Expected listLength <= retrieveDepth and 1 <= rerankDepth <= retrieveDepth, got %d, %d, %d"
                            .formatted(listLength, retrieveDepth, rerankDepth));
        }
    }

    private static void checkLimit(double limit) {
        if (!(limit > 0 && limit <= 1)) {
            throw new IllegalArgumentException("Expected a negative-limit above 0 and at most 1, got " + limit);
        }
    }
}
