/**
 * What retrieves and scores for the miner: BM25 until the first promotion, then the champion; the next index is built
 * aside and swapped in when it is ready.
 *
 * <p>Vector spaces never mix: queries and passages are encoded by the one {@link dev.tandem.miner.serving.Retriever}
 * that holds both the encoder and the index made with it, and the lists carry its id.
 */
package dev.tandem.miner.serving;
