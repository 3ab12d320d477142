package dev.tandem.quickstart.cli;

import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Similarity;
import picocli.CommandLine.Option;

/** How models made of a Hugging Face checkpoint encode; an initial directory says so itself. */
final class EncodingOptions {
    @Option(
            names = "--query-tokens",
            paramLabel = "N",
            description = "Longest query in tokens (default: ${DEFAULT-VALUE}).")
    private int queryTokens = 32;

    @Option(names = "--passage-tokens", paramLabel = "N", description = "Longest passage (default: ${DEFAULT-VALUE}).")
    private int passageTokens = 128;

    @Option(
            names = "--cross-tokens",
            paramLabel = "N",
            description = "Longest query and passage together (default: ${DEFAULT-VALUE}).")
    private int crossTokens = 160;

    @Option(
            names = "--pooling",
            paramLabel = "HOW",
            description = "Hidden states to embedding: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Pooling pooling = Pooling.MEAN;

    @Option(
            names = "--similarity",
            paramLabel = "HOW",
            description = "Embeddings to score: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Similarity similarity = Similarity.COSINE;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "What training divides scores by; 1 goes with DOT (default: ${DEFAULT-VALUE}).")
    private double temperature = 0.05;

    EncodingConfig encoding() {
        return new EncodingConfig(queryTokens, passageTokens, crossTokens, pooling, similarity, temperature);
    }
}
