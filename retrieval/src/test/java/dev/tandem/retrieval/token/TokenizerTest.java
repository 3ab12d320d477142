package dev.tandem.retrieval.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.retrieval.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/tokenizer");

    private static final Path FAMILIES = Path.of("src/test/resources/golden/families");

    @TempDir
    Path directory;

    /** Expected values from Hugging Face's tokenizers; see golden/README.md. */
    @TestFactory
    Stream<DynamicTest> framesTextsExactlyAsHuggingFaceDoes() throws IOException {
        JsonNode golden =
                new ObjectMapper().readTree(GOLDEN.resolve("cases.json").toFile());
        return StreamSupport.stream(golden.path("cases").spliterator(), false)
                .map(expected -> DynamicTest.dynamicTest(expected.path("name").asText(), () -> {
                    try (Tokenizer tokenizer = Tokenizer.open(GOLDEN)) {
                        assertFrames(tokenizer, expected);
                    }
                }));
    }

    private static void assertFrames(Tokenizer tokenizer, JsonNode expected) {
        String query = expected.path("query").asText();
        String title = expected.path("title").asText();
        String text = expected.path("text").asText();

        TokenIds framedQuery = tokenizer.queries(List.of(query), 16).get(0);
        TokenIds passage =
                tokenizer.passages(List.of(new Passage("1", title, text)), 48).get(0);
        TokenIds cross =
                tokenizer.pairs(List.of(query), List.of(title + " " + text), 64).get(0);
        TokenIds onlySecond = tokenizer.pairs(List.of(title), List.of(text), 48).get(0);

        assertEquals(expected(expected.path("expect_query")), framedQuery);
        assertEquals(expected(expected.path("expect_passage")), passage);
        assertPair(expected.path("expect_cross"), cross, 64);
        assertPair(expected.path("expect_passage_only_second"), onlySecond, 48);
    }

    /** Where the library refuses, the first part is shortened. */
    private static void assertPair(JsonNode expected, TokenIds found, int limit) {
        if (expected.has("error")) {
            assertEquals(limit, found.length());
            assertTrue(found.types()[limit - 1] == 1 && found.types()[limit / 2 - 2] == 0);
        } else {
            assertEquals(expected(expected), found);
        }
    }

    private static TokenIds expected(JsonNode golden) {
        int length = golden.path("length").asInt();
        int[] ids = new int[length];
        int[] types = new int[length];
        for (int i = 0; i < length; i++) {
            ids[i] = golden.path("input_ids").get(i).asInt();
            types[i] = golden.path("token_type_ids").get(i).asInt();
        }
        return new TokenIds(ids, types);
    }

    @Test
    void ignoresTruncationAndPaddingOfTheTokenizerFile() throws IOException {
        String json =
                Files.readString(GOLDEN.resolve("tokenizer.json")).replace("\"truncation\":null,\"padding\":null", """
                        "truncation":{"direction":"Right","max_length":4,"strategy":"LongestFirst","stride":0},\
                        "padding":{"strategy":{"Fixed":9},"direction":"Right","pad_to_multiple_of":null,"pad_id":0,\
                        "pad_type_id":0,"pad_token":"[PAD]"}""");
        Files.writeString(directory.resolve("tokenizer.json"), json);

        try (Tokenizer plain = Tokenizer.open(GOLDEN);
                Tokenizer other = Tokenizer.open(directory)) {
            List<String> texts = List.of("returns the root schema of this connection", "a");
            assertTrue(json.contains("\"max_length\":4"));
            assertEquals(plain.queries(texts, 16), other.queries(texts, 16));
            assertEquals(3, other.queries(texts, 16).get(1).length());
        }
    }

    @Test
    void opensABareVocabulary() throws IOException {
        Files.copy(GOLDEN.resolve("vocab.txt"), directory.resolve("vocab.txt"));

        try (Tokenizer plain = Tokenizer.open(GOLDEN);
                Tokenizer bare = Tokenizer.open(directory)) {
            List<String> texts = List.of("Returns the ROOT schema, né?", "[SEP] 日本 x");
            assertEquals(plain.queries(texts, 16), bare.queries(texts, 16));
        }
    }

    @Test
    void takesABareVocabularysSettingsFromItsConfig() throws IOException {
        Files.writeString(
                directory.resolve("vocab.txt"),
                Files.readString(GOLDEN.resolve("vocab.txt")).replace("[CLS]", "[BEGIN]"));
        Files.writeString(directory.resolve("tokenizer_config.json"), """
                {"do_lower_case": false, "strip_accents": true, "cls_token": {"content": "[BEGIN]"}}""");

        try (Tokenizer plain = Tokenizer.open(GOLDEN);
                Tokenizer cased = Tokenizer.open(directory)) {
            assertEquals(plain.queries(List.of("schema"), 16), cased.queries(List.of("schéma"), 16));
            assertTrue(!plain.queries(List.of("SCHEMA"), 16).equals(cased.queries(List.of("SCHEMA"), 16)));
        }
    }

    @Test
    void writesNoVocabularyFileWhereTheModelHasNone() throws IOException {
        Path roberta = FAMILIES.resolve("roberta/tokenizer.json");

        TokenizerFiles files = TokenizerFiles.ofTokenizerJson(roberta);
        files.write(directory);

        assertEquals(320, files.vocabularySize());
        assertTrue(Files.notExists(directory.resolve("vocab.txt")));
        String config = Files.readString(directory.resolve("tokenizer_config.json"));
        assertTrue(config.contains("\"pad_token\" : \"<pad>\""), config);
        assertEquals(-1, Files.mismatch(roberta, directory.resolve("tokenizer.json")));
    }

    @Test
    void countsAddedTokensAmongThePieces() throws IOException {
        edit(json -> json.replaceFirst("\"added_tokens\":\\[", """
                "added_tokens":[{"id":2004,"content":"[NEW]","single_word":false,"lstrip":false,"rstrip":false,\
                "normalized":false,"special":true},"""));

        assertEquals(2005, TokenizerFiles.read(directory).vocabularySize());
    }

    @Test
    void tellsOtherReadersThatAModelTakesNoTokenTypes() throws IOException {
        TokenizerFiles.read(GOLDEN).withoutTokenTypes().write(directory);

        String config = Files.readString(directory.resolve("tokenizer_config.json"));
        assertTrue(config.contains("attention_mask") && !config.contains("token_type_ids"), config);
    }

    @Test
    void refusesATokenizerItCannotFrameWith() throws IOException {
        edit(json -> json.replace("\"model\":{\"type\":\"WordPiece\"", "\"model\":{\"type\":\"WordLevel\""));
        assertRefused("Expected a WordPiece, BPE or Unigram tokenizer");

        edit(json -> json.replaceFirst("\"post_processor\":\\{[^}]*\\}", "\"post_processor\":null"));
        assertRefused("Expected a post-processor");

        edit(json -> json.replace("BertPreTokenizer", "Nonsense"));
        assertRefused("Cannot open the tokenizer");

        edit(json -> json.replaceFirst("\"schema\":\\d+", "\"schema\":-1"));
        assertRefused("Expected a vocabulary with whole ids from 0");

        edit(json -> json.substring(1));
        assertRefused("tokenizer.json");
    }

    private void edit(UnaryOperator<String> change) throws IOException {
        Files.writeString(
                directory.resolve("tokenizer.json"), change.apply(Files.readString(GOLDEN.resolve("tokenizer.json"))));
    }

    private void assertRefused(String fault) {
        var error = assertThrows(IllegalArgumentException.class, () -> Tokenizer.open(directory));
        assertTrue(error.getMessage().contains(fault), error.getMessage());
    }

    @Test
    void derivesTheVocabularyFromTheTokenizerFile() throws IOException {
        TokenizerFiles files = TokenizerFiles.ofTokenizerJson(GOLDEN.resolve("tokenizer.json"));

        files.write(directory);

        assertEquals(2000, files.vocabularySize());
        assertArrayEquals(
                Files.readAllBytes(GOLDEN.resolve("vocab.txt")), Files.readAllBytes(directory.resolve("vocab.txt")));
        assertTrue(Files.readString(directory.resolve("tokenizer_config.json")).contains("BertTokenizer"));
    }

    @Test
    void tokenizesALongBatchInOrder() {
        List<String> texts = Stream.iterate(0, i -> i + 1)
                .limit(1000)
                .map(i -> "text " + i % 300)
                .toList();

        try (Tokenizer tokenizer = Tokenizer.open(GOLDEN)) {
            List<TokenIds> batch = tokenizer.queries(texts, 16);

            for (int i = 0; i < texts.size(); i += 77) {
                assertEquals(tokenizer.queries(List.of(texts.get(i)), 16).get(0), batch.get(i));
            }
        }
    }

    @Test
    void saysWhatIsMissing() {
        var error = assertThrows(IllegalArgumentException.class, () -> Tokenizer.open(directory));

        assertTrue(error.getMessage().contains("tokenizer.json or vocab.txt"));
    }
}
