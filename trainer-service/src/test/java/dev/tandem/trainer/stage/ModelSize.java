package dev.tandem.trainer.stage;

import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.EncoderInit;
import dev.tandem.retrieval.encoder.EncoderInit.Architecture;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Precision;
import dev.tandem.retrieval.encoder.Similarity;
import java.nio.file.Path;

/** Size of a BERT: written {@code hidden/layers}; 64 dimensions a head or less, four times as wide in between. */
record ModelSize(int hidden, int layers) {
    /** Both sides compute on the processor, in float32. */
    static final Compute COMPUTE = new Compute("cpu", Precision.FP32);

    /** The paper's lengths. */
    static final int QUERY_TOKENS = 32;

    static final int PASSAGE_TOKENS = 128;
    static final int CROSS_TOKENS = 160;

    static ModelSize parse(String text) {
        String[] parts = text.strip().split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("Expected a size such as 384/6 (hidden/layers), found " + text);
        }
        return new ModelSize(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    /** Writes random models of this size, the same ones each time. */
    void write(Path directory, Path tokenizerJson, Pooling pooling, double dropout, boolean tied) {
        int heads = Math.max(4, hidden / 64);
        Architecture architecture = new Architecture(hidden, layers, heads, 4 * hidden, CROSS_TOKENS, dropout, tied);
        EncodingConfig encoding =
                new EncodingConfig(QUERY_TOKENS, PASSAGE_TOKENS, CROSS_TOKENS, pooling, Similarity.DOT, 1);
        EncoderInit.random(directory, tokenizerJson, architecture, encoding, 1);
    }

    @Override
    public String toString() {
        return hidden + "/" + layers;
    }
}
