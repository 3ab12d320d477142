package dev.tandem.retrieval.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentenceTransformersModelTest {
    private static final Passage PASSAGE = new Passage("p1", "root", "the schema of this connection");

    @TempDir
    private Path directory;

    private Path model;

    @BeforeEach
    void writeOne() {
        model = EncoderFixture.random(directory, true).resolve("retriever");
    }

    @Test
    void encodesTitleAndTextAsOneText() {
        try (DualEncoder ours = DualEncoder.open(directory);
                DualEncoder opened = DualEncoder.openSentenceTransformers(model, Compute.FLOAT32)) {
            String text = "root the schema of this connection";

            assertEquals(Similarity.COSINE, opened.encoding().similarity());
            assertArrayEquals(ours.encodeQueries(List.of(text))[0], opened.encodeQueries(List.of(text))[0], 1e-6f);
            assertArrayEquals(ours.encodeQueries(List.of(text))[0], opened.encodePassages(List.of(PASSAGE))[0], 1e-6f);
            assertThrows(IllegalStateException.class, () -> opened.save(directory.resolve("saved")));
        }
    }

    @Test
    void putsItsPromptsBeforeTheTexts() throws IOException {
        try (DualEncoder plain = DualEncoder.openSentenceTransformers(model, Compute.FLOAT32)) {
            Files.writeString(
                    model.resolve("config_sentence_transformers.json"),
                    "{\"prompts\": {\"query\": \"null \", \"passage\": \"given \"}, \"similarity_fn_name\": null}");

            try (DualEncoder prompted = DualEncoder.openSentenceTransformers(model, Compute.FLOAT32)) {
                assertEquals(
                        plain.tokenizeQueries(List.of("null schema")), prompted.tokenizeQueries(List.of("schema")));
                assertEquals(
                        plain.tokenizeQueries(List.of("given root the schema of this connection")),
                        prompted.tokenizePassages(List.of(PASSAGE)));
            }
        }
    }

    @Test
    void takesThePoolingByNameAsNewerReleasesWriteIt() throws IOException {
        Files.writeString(model.resolve("1_Pooling/config.json"), "{\"pooling_mode\": \"cls\"}");

        assertEquals(
                Pooling.CLS, SentenceTransformersModel.read(model).encoding().pooling());
    }

    @Test
    void refusesWhatItCannotCompute() throws IOException {
        Files.writeString(
                model.resolve("modules.json"),
                "[{\"type\": \"sentence_transformers.models.Transformer\", \"path\": \"\"},"
                        + " {\"type\": \"sentence_transformers.models.Pooling\", \"path\": \"1_Pooling\"},"
                        + " {\"type\": \"sentence_transformers.models.Dense\", \"path\": \"2_Dense\"}]");

        var refusal = assertThrows(InvalidModelException.class, () -> SentenceTransformersModel.read(model));

        assertTrue(refusal.getMessage().endsWith("found [Transformer, Pooling, Dense]"), refusal.getMessage());
    }
}
