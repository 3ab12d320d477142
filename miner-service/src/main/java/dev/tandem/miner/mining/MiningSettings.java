package dev.tandem.miner.mining;

import static java.util.Objects.requireNonNull;

import dev.tandem.miner.denoising.Denoising;

/**
 * How lists are made.
 *
 * @param retrieveDepth n, passages retrieved for a query
 * @param rerankDepth m, passages of these scored by the cross encoder
 * @param listLength L, passages in a list, the positive included
 * @param seed seed of the sampling
 * @param denoising what the cross encoder's scores mean
 */
public record MiningSettings(int retrieveDepth, int rerankDepth, int listLength, long seed, Denoising denoising) {
    public MiningSettings {
        requireNonNull(denoising, "denoising is null");
        if (listLength < 2 || listLength > 128) {
            throw new IllegalArgumentException("Expected lists of 2 to 128 passages, got " + listLength);
        }
        if (retrieveDepth < listLength || rerankDepth < 1 || rerankDepth > retrieveDepth) {
            throw new IllegalArgumentException(
                    "Expected listLength <= retrieveDepth and 1 <= rerankDepth <= retrieveDepth, got %d, %d, %d"
                            .formatted(listLength, retrieveDepth, rerankDepth));
        }
    }
}
