/**
 * Which negatives and pseudo-positives the cross encoder confirms.
 *
 * <p>Pure functions of scores. The thresholds are those of RocketQA (Qu et al., NAACL 2021, section 4.2): relevance
 * below 0.1 is a negative, above 0.9 a positive.
 */
package dev.tandem.miner.denoising;
