package dev.tandem.trainer.stage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.EncoderInit;
import dev.tandem.retrieval.encoder.EncoderInit.Architecture;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Similarity;
import dev.tandem.retrieval.token.TokenIds;
import dev.tandem.trainer.batch.Example;
import dev.tandem.trainer.batch.TokenizedExample;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PieceTest {
    private static final TokenIds SEQUENCE = new TokenIds(new int[] {2, 7, 8, 9, 3}, new int[5]);
    private static final List<TokenIds> SEQUENCES = Collections.nCopies(6, SEQUENCE);

    @TempDir
    Path directory;

    private final List<float[]> outputs = new ArrayList<>();

    @Test
    void bothPassesOfACachedPieceDropTheSame() throws IOException {
        try (DualEncoder retriever = retrieverWithDropout();
                NDManager step = NDManager.newBaseManager()) {
            accumulate(retriever, step, 10);

            assertEquals(6, outputs.size());
            for (int part = 0; part < 3; part++) {
                assertArrayEquals(outputs.get(part), outputs.get(3 + part));
            }
            assertFalse(Arrays.equals(outputs.get(0), outputs.get(1)), "each part drops other units");
        }
    }

    @Test
    void aSeedDecidesWhatACachedPieceDrops() throws IOException {
        try (DualEncoder retriever = retrieverWithDropout();
                NDManager step = NDManager.newBaseManager()) {
            float[] first = accumulate(retriever, step, 10);
            float[] again = accumulate(retriever, step, 10);

            assertArrayEquals(first, again);
        }
    }

    @Test
    void encodesOnceWhatFitsIntoTheBudget() throws IOException {
        try (DualEncoder retriever = retrieverWithDropout();
                NDManager step = NDManager.newBaseManager()) {
            accumulate(retriever, step, 30);

            assertEquals(1, outputs.size());
        }
    }

    @Test
    void leavesNothingBehind() throws IOException {
        try (DualEncoder retriever = retrieverWithDropout();
                NDManager step = NDManager.newBaseManager()) {
            accumulate(retriever, step, 10);

            NDManager owner = retriever.parameters().arrays().get(0).getManager();
            assertEquals(retriever.parameters().size(), owner.getManagedArrays().size());
            assertTrue(step.getManagedArrays().isEmpty());
        }
    }

    /** Gradient of the word embeddings for a loss that needs all sequences at once. */
    private float[] accumulate(DualEncoder retriever, NDManager step, long budget) {
        Engine.getInstance().setRandomSeed(3);
        try (Piece piece = new Piece(step, examples(), budget)) {
            NDArray encoded_ND = piece.encode(this.recording(retriever), SEQUENCES);
            System.gc(); // nothing in the graph may lie in Java's memory
            piece.backward(
                    encoded_ND.matMul(encoded_ND.transpose()).logSoftmax(-1).sum());
        }
        try (NDArray gradient = retriever.parameters().arrays().get(0).getGradient()) {
            float[] values = gradient.toFloatArray();
            gradient.subi(gradient);
            return values;
        }
    }

    private Piece.Encoder recording(DualEncoder retriever) {
        return (manager, sequences) -> {
            NDArray encoded_ND = retriever.queries_BD(manager, sequences);
            outputs.add(encoded_ND.toFloatArray());
            return encoded_ND;
        };
    }

    /** One example of 30 tokens, as many as {@link #SEQUENCES} have. */
    private static List<TokenizedExample> examples() {
        Example example = new Example(new Query("q", ""), List.of(), Set.of(), true);
        return List.of(new TokenizedExample(example, SEQUENCE, SEQUENCES.subList(0, 5), List.of()));
    }

    private DualEncoder retrieverWithDropout() throws IOException {
        Path tokenizer = directory.resolve("tokenizer.json");
        try (InputStream in = PieceTest.class.getResourceAsStream("/golden/tokenizer/tokenizer.json")) {
            Files.write(tokenizer, in.readAllBytes());
        }
        EncodingConfig encoding = new EncodingConfig(16, 16, 16, Pooling.CLS, Similarity.DOT, 1);
        EncoderInit.random(
                directory.resolve("initial"), tokenizer, new Architecture(32, 2, 2, 64, 16, 0.2, true), encoding, 5);
        return DualEncoder.open(directory.resolve("initial"));
    }
}
