package dev.tandem.retrieval.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordPieceTrainerTest {
    @TempDir
    private Path directory;

    @Test
    void mergesTheMostFrequentPairFirst() throws IOException {
        // ab occurs 3 times, bc twice: with room for one merge it is ab
        JsonNode vocabulary = train(Stream.of("ab ab abc bc"), 5 + 4 + 1);

        assertTrue(vocabulary.has("ab"), vocabulary.toString());
        assertEquals(10, vocabulary.size());
    }

    @Test
    void keepsTheSpecialTokensAtTheirUsualPlaces() throws IOException {
        JsonNode vocabulary = train(Stream.of("some text"), 50);

        assertEquals(0, vocabulary.get("[PAD]").asInt());
        assertEquals(2, vocabulary.get("[CLS]").asInt());
        assertEquals(3, vocabulary.get("[SEP]").asInt());
    }

    @Test
    void givesOneVocabularyForOneText() throws IOException {
        String text = "to be or not to be, that is the question: whether 'tis nobler";

        assertEquals(train(Stream.of(text), 60), train(Stream.of(text), 60));
    }

    @Test
    void writesATokenizerThatSplitsIdentifiers() throws IOException {
        train(Stream.of("get http server name get http server name"), 60);

        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(directory.resolve("tokenizer.json"))) {
            assertArrayEquals(
                    new String[] {"[CLS]", "get", "http", "server", "name", "[SEP]"},
                    tokenizer.encode("getHTTPServerName").getTokens());
        }
    }

    @Test
    void writesATokenizerThatDropsPunctuation() throws IOException {
        train(Stream.of("return get name return get name"), 60);

        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(directory.resolve("tokenizer.json"))) {
            assertArrayEquals(
                    new String[] {"[CLS]", "return", "get", "name", "[SEP]"},
                    tokenizer.encode("{ return get(/* \u2192 */).name; }").getTokens());
        }
    }

    @Test
    void refusesToLearnFromNothing() {
        assertThrows(IllegalArgumentException.class, () -> train(Stream.of("", "  "), 100));
    }

    private JsonNode train(Stream<String> texts, int size) throws IOException {
        Path file = directory.resolve("tokenizer.json");
        WordPieceTrainer.train(texts, size, file);
        return new ObjectMapper().readTree(Files.readAllBytes(file)).at("/model/vocab");
    }
}
