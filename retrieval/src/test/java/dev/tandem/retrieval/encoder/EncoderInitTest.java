package dev.tandem.retrieval.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderInitTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/init");

    @TempDir
    Path directory;

    @Test
    void drawsAsHuggingFaceDoes() {
        try (DualEncoder encoder = DualEncoder.open(EncoderFixture.random(directory, false))) {
            float[] words = encoder.parameters()
                    .array("query-encoder.embeddings.word_embeddings.weight")
                    .toFloatArray();
            double squares = 0;
            for (float x : words) {
                squares += x * x;
            }
            assertEquals(0.02, Math.sqrt(squares / words.length), 2e-4);
            assertEquals(0f, words[5]);
            assertEquals(
                    1f,
                    encoder.parameters()
                            .array("query-encoder.embeddings.LayerNorm.weight")
                            .getFloat(3));
            assertArrayEquals(
                    words,
                    encoder.parameters()
                            .array("passage-encoder.embeddings.word_embeddings.weight")
                            .toFloatArray());
        }
    }

    @Test
    void aSeedGivesTheSameBytes() throws IOException {
        Path first = EncoderFixture.random(directory.resolve("first"), true);
        Path second = EncoderFixture.random(directory.resolve("second"), true);

        for (String model : new String[] {"retriever", "cross-encoder"}) {
            Path weights = Path.of(model, "model.safetensors");
            assertEquals(-1, Files.mismatch(first.resolve(weights), second.resolve(weights)));
        }
    }

    @Test
    void takesOverABertModelAndDrawsTheHeadItLacks() {
        EncoderInit.fromHuggingFace(directory, EncoderFixture.BERT, EncoderFixture.ENCODING, 1);

        try (DualEncoder retriever = DualEncoder.open(directory);
                CrossEncoder encoder = CrossEncoder.open(directory)) {
            assertArrayEquals(
                    retriever
                            .parameters()
                            .array("retriever.encoder.layer.1.output.dense.weight")
                            .toFloatArray(),
                    encoder.parameters()
                            .array("cross-encoder.bert.encoder.layer.1.output.dense.weight")
                            .toFloatArray());
            assertEquals(
                    0f,
                    encoder.parameters().array("cross-encoder.classifier.bias").getFloat(0));
        }
    }

    @Test
    void takesOverAClassifierWithItsHead() throws IOException {
        EncoderInit.fromHuggingFace(directory, GOLDEN.resolve("cross-encoder"), EncoderFixture.ENCODING, 1);

        try (CrossEncoder encoder = CrossEncoder.open(directory);
                Bert original = Bert.open(GOLDEN.resolve("cross-encoder"), true, 128)) {
            for (String name : original.parameters().names()) {
                assertArrayEquals(
                        original.parameters().array(name).toFloatArray(),
                        encoder.parameters().array("cross-encoder." + name).toFloatArray());
            }
        }
    }

    @Test
    void writesNothingOfAModelWhoseTokenizerCannotBeParsed() throws IOException {
        for (String file : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(EncoderFixture.BERT.resolve(file), directory.resolve(file));
        }
        Files.writeString(
                directory.resolve("tokenizer.json"),
                Files.readString(EncoderFixture.TOKENIZER).replace("\"BertPreTokenizer\"", "\"Nonsense\""));
        Path out = directory.resolve("out");

        assertThrows(
                InvalidModelException.class,
                () -> EncoderInit.fromHuggingFace(out, directory, EncoderFixture.ENCODING, 1));

        assertFalse(Files.exists(out));
    }

    @Test
    void refusesAnotherFamilyByName() throws IOException {
        Files.writeString(
                directory.resolve("config.json"),
                Files.readString(EncoderFixture.BERT.resolve("config.json"))
                        .replace("\"model_type\": \"bert\"", "\"model_type\": \"modernbert\""));

        var refusal = assertThrows(
                InvalidModelException.class,
                () -> EncoderInit.fromHuggingFace(directory.resolve("out"), directory, EncoderFixture.ENCODING, 1));

        assertTrue(
                refusal.getMessage()
                        .contains(
                                "model_type \"modernbert\" is not supported; supported: bert, roberta, xlm-roberta, distilbert, ernie"));
    }
}
