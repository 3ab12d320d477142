package dev.tandem.retrieval.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.token.TokenIds;
import dev.tandem.retrieval.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every family against transformers, on the tiny models that golden/families/make.py makes. */
class FamilyTest {
    private static final EncodingConfig ENCODING = new EncodingConfig(16, 32, 64, Pooling.CLS, Similarity.DOT, 1);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void framesTextsAsItsTokenizerDoes(Family family) throws IOException {
        JsonNode golden = expected(family);
        List<String> queries = new ArrayList<>();
        golden.path("queries").forEach(query -> queries.add(query.asText()));
        List<Passage> passages = new ArrayList<>();
        golden.path("passages")
                .forEach(passage -> passages.add(new Passage(
                        "p" + passages.size(),
                        passage.get(0).asText(),
                        passage.get(1).asText())));
        List<String> texts = passages.stream()
                .map(passage -> passage.title() + " " + passage.text())
                .toList();
        JsonNode limits = golden.path("tokens");

        try (Tokenizer tokenizer = Tokenizer.open(model(family))) {
            assertEquals(
                    sequences(golden, "query"),
                    tokenizer.queries(queries, limits.path("query").asInt()));
            assertEquals(
                    sequences(golden, "passage"),
                    tokenizer.passages(passages, limits.path("passage").asInt()));
            assertEquals(
                    sequences(golden, "cross"),
                    tokenizer.pairs(queries, texts, limits.path("cross").asInt()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void computesWhatTransformersComputes(Family family) throws IOException {
        JsonNode golden = expected(family);
        for (String output : new String[] {"cls", "mean", "logit"}) {
            JsonNode expected = golden.path("outputs").path(output);
            try (Bert bert = Bert.open(model(family), output.equals("logit"), 128)) {
                GoldenOutputs.assertEqual(
                        bert, output, sequences(golden, "cross"), expected, expected.path("gradient_l2"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsItsFilesWhenItIsSaved(Family family) {
        try (Bert before = Bert.open(model(family), true, 128)) {
            before.save(directory, StoredType.F32);
            try (Bert after = Bert.open(directory, true, 128)) {
                assertEquals(before.config(), after.config());
                assertEquals(before.parameters().names(), after.parameters().names());
                for (String name : before.parameters().names()) {
                    assertArrayEquals(
                            before.parameters().array(name).toFloatArray(),
                            after.parameters().array(name).toFloatArray());
                }
                List<String> texts = List.of("An ångström of text", "data context");
                assertEquals(
                        before.tokenizer().queries(texts, 32), after.tokenizer().queries(texts, 32));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void becomesBothModelsAndTheReRankerCanStartFromTheRetriever(Family family) {
        EncoderInit.fromHuggingFace(directory, model(family), ENCODING, 1);

        try (DualEncoder retriever = DualEncoder.open(directory);
                CrossEncoder reranker = CrossEncoder.open(directory)) {
            String word = family.trunk() + "embeddings.word_embeddings.weight";
            assertArrayEquals(
                    retriever
                            .parameters()
                            .array("retriever.embeddings.word_embeddings.weight")
                            .toFloatArray(),
                    reranker.parameters().array("cross-encoder." + word).toFloatArray());

            reranker.startFromRetriever(retriever, true, 3);

            String attention = "cross-encoder." + family.trunk() + family.name("encoder.layer") + ".0.";
            assertArrayEquals(
                    reranker.parameters()
                            .array(attention + family.name("attention.self.query") + ".weight")
                            .toFloatArray(),
                    reranker.parameters()
                            .array(attention + family.name("attention.self.key") + ".weight")
                            .toFloatArray());
        }
    }

    @Test
    void aReRankerCannotStartFromAnotherFamily() {
        EncoderInit.fromHuggingFace(directory.resolve("a"), model(Family.ERNIE), ENCODING, 1);
        EncoderInit.fromHuggingFace(directory.resolve("b"), model(Family.ROBERTA), ENCODING, 1);

        try (DualEncoder retriever = DualEncoder.open(directory.resolve("a"));
                CrossEncoder reranker = CrossEncoder.open(directory.resolve("b"))) {
            var refusal =
                    assertThrows(IllegalArgumentException.class, () -> reranker.startFromRetriever(retriever, true, 3));

            assertTrue(refusal.getMessage().contains("family ernie, the cross encoder of roberta"));
        }
    }

    @Test
    void storesBrainFloatsThatTheModelThenComputesWith() throws IOException {
        EncoderInit.fromHuggingFace(directory, EncoderFixture.BERT, ENCODING, 1);
        Path export = directory.resolve("export");
        List<String> texts = EncoderFixture.texts(5, 1);

        try (DualEncoder exact = DualEncoder.open(directory)) {
            exact.save(export, StoredType.BF16);
            try (DualEncoder rounded = DualEncoder.open(export)) {
                assertRounded(exact.parameters(), rounded.parameters());
                float[][] expected = exact.encodeQueries(texts);
                float[][] found = rounded.encodeQueries(texts);
                for (int i = 0; i < expected.length; i++) {
                    assertArrayEquals(expected[i], found[i], 0.05f);
                }
            }
        }
        assertTrue(Files.readString(export.resolve("retriever/config.json")).contains("\"bfloat16\""));
        long bytes = Files.size(directory.resolve("retriever/model.safetensors"));
        assertEquals(0.5, (double) Files.size(export.resolve("retriever/model.safetensors")) / bytes, 0.01);
    }

    private static void assertRounded(Parameters exact, Parameters rounded) {
        for (String name : exact.names()) {
            float[] values = exact.array(name).toFloatArray();
            float[] found = rounded.array(name).toFloatArray();
            for (int i = 0; i < values.length; i++) {
                assertEquals(values[i], found[i], Math.abs(values[i]) / 256, name);
            }
        }
    }

    @Test
    void takesTwoTokensFewerWherePositionsCountFromThePadding() {
        try (Bert bert = Bert.open(model(Family.ROBERTA), false, 128)) {
            assertEquals(130, bert.config().positions());
            assertEquals(128, bert.config().longest());
        }

        var refusal = assertThrows(
                InvalidModelException.class,
                () -> Bert.open(model(Family.ROBERTA), false, 129).close());

        assertTrue(refusal.getMessage().contains("takes 128 tokens"), refusal.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void dropsWhereItsFamilyDoes(Family family) throws IOException {
        for (String file : new String[] {"config.json", "tokenizer.json", "vocab.txt"}) {
            if (Files.exists(model(family).resolve(file))) {
                Files.copy(model(family).resolve(file), directory.resolve(file));
            }
        }
        Path config = directory.resolve("config.json");
        String dropout = "\"%s\": ".formatted(family.name("hidden_dropout_prob"));
        Files.writeString(config, Files.readString(config).replace(dropout + "0.0", dropout + "0.25"));

        Map<String, Number> training = ConfigFile.read(directory).constants(true);
        Map<String, Number> inference = ConfigFile.read(directory).constants(false);

        boolean distilled = family == Family.DISTILBERT;
        boolean headInput = family == Family.ROBERTA || family == Family.XLM_ROBERTA;
        assertEquals(0.25, training.get("dropout"));
        assertEquals(distilled ? 0.0 : 0.25, training.get("attended_dropout"));
        assertEquals(distilled ? 0.0 : 0.25, training.get("classifier_dropout"));
        assertEquals(headInput ? 0.25 : 0.0, training.get("head_dropout"));
        assertEquals(0.0, training.get("attention_dropout"));
        inference.forEach((name, value) -> assertTrue(!name.endsWith("dropout") || value.equals(0.0), name));
    }

    private static Path model(Family family) {
        return EncoderFixture.FAMILIES.resolve(family.modelType());
    }

    private static JsonNode expected(Family family) throws IOException {
        return new ObjectMapper()
                .readTree(model(family).resolve("expected.json").toFile());
    }

    private static List<TokenIds> sequences(JsonNode golden, String kind) {
        List<TokenIds> sequences = new ArrayList<>();
        for (JsonNode row : golden.path("encodings").path(kind)) {
            sequences.add(new TokenIds(ints(row.path("ids")), ints(row.path("types"))));
        }
        return sequences;
    }

    private static int[] ints(JsonNode numbers) {
        int[] ints = new int[numbers.size()];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = numbers.get(i).asInt();
        }
        return ints;
    }
}
