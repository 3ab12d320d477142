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
            defaultValue = "32",
            description =
                    "Longest query in tokens, of models made of a Hugging Face checkpoint (default: ${DEFAULT-VALUE}).")
    private int queryTokens;

    @Option(
            names = "--passage-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Longest passage, of the same (default: ${DEFAULT-VALUE}).")
    private int passageTokens;

    @Option(
            names = "--cross-tokens",
            paramLabel = "N",
            defaultValue = "160",
            description = "Longest query and passage together, of the same (default: ${DEFAULT-VALUE}).")
    private int crossTokens;

    @Option(
            names = "--pooling",
            defaultValue = "MEAN",
            description =
                    "Hidden states to embedding, of the same: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Pooling pooling;

    @Option(
            names = "--similarity",
            defaultValue = "COSINE",
            description = "Embeddings to score, of the same: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Similarity similarity;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0.05",
            description = "What training divides scores by, of the same; 1 goes with DOT (default: ${DEFAULT-VALUE}).")
    private double temperature;

    EncodingConfig encoding() {
        return new EncodingConfig(queryTokens, passageTokens, crossTokens, pooling, similarity, temperature);
    }
}
