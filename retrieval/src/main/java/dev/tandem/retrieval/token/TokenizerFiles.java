package dev.tandem.retrieval.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A tokenizer's files as Hugging Face names them, held in memory so that a model can be saved after its source is gone.
 *
 * @param tokenizerJson content of tokenizer.json
 * @param tokenizerConfig content of tokenizer_config.json
 * @param vocabulary content of vocab.txt, one piece a line, line number = id
 */
public record TokenizerFiles(String tokenizerJson, String tokenizerConfig, String vocabulary) {
    private static final String TOKENIZER = "tokenizer.json";
    private static final String CONFIG = "tokenizer_config.json";
    private static final String VOCABULARY = "vocab.txt";
    private static final long MAX_BYTES = 64L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    public TokenizerFiles {
        requireNonNull(tokenizerJson, "tokenizerJson is null");
        requireNonNull(tokenizerConfig, "tokenizerConfig is null");
        requireNonNull(vocabulary, "vocabulary is null");
    }

    /** Reads a model directory that has a tokenizer.json or, failing that, a vocab.txt. */
    public static TokenizerFiles read(Path directory) {
        Path config = directory.resolve(CONFIG);
        String tokenizerConfig = Files.isRegularFile(config) ? text(config) : null;
        Path tokenizer = directory.resolve(TOKENIZER);
        if (Files.isRegularFile(tokenizer)) {
            return of(text(tokenizer), tokenizerConfig, tokenizer.toString());
        }
        Path vocabulary = directory.resolve(VOCABULARY);
        if (Files.isRegularFile(vocabulary)) {
            boolean lowercase = tokenizerConfig == null
                    || tree(tokenizerConfig, config.toString())
                            .path("do_lower_case")
                            .asBoolean(true);
            String json = WordPieceJson.fromVocabulary(text(vocabulary).lines().toList(), lowercase);
            return of(json, tokenizerConfig, vocabulary.toString());
        }
        throw new IllegalArgumentException("Expected %s or %s in %s, found neither. Save the model with its tokenizer."
                .formatted(TOKENIZER, VOCABULARY, directory));
    }

    /** From a tokenizer.json alone, wherever it lies; the other files follow from it. */
    public static TokenizerFiles ofTokenizerJson(Path tokenizerJson) {
        return of(text(tokenizerJson), null, tokenizerJson.toString());
    }

    private static TokenizerFiles of(String tokenizerJson, String tokenizerConfig, String origin) {
        JsonNode tokenizer = tree(tokenizerJson, origin);
        String type = tokenizer.path("model").path("type").asText("none");
        if (!type.equals("WordPiece")) {
            throw new IllegalArgumentException(
                    "Expected a WordPiece tokenizer in %s, found model type \"%s\"".formatted(origin, type));
        }
        String vocabulary = vocabulary(tokenizer.path("model").path("vocab"), origin);
        String config = tokenizerConfig != null ? tokenizerConfig : defaultConfig(tokenizer);
        return new TokenizerFiles(tokenizerJson, config, vocabulary);
    }

    /** Number of pieces. */
    public int vocabularySize() {
        return (int) vocabulary.lines().count();
    }

    /** Writes the three files into a model directory. */
    public void write(Path directory) {
        try {
            Files.writeString(directory.resolve(TOKENIZER), tokenizerJson);
            Files.writeString(directory.resolve(CONFIG), tokenizerConfig);
            Files.writeString(directory.resolve(VOCABULARY), vocabulary);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the tokenizer's files to " + directory, e);
        }
    }

    private static String vocabulary(JsonNode vocab, String origin) {
        Map<Integer, String> pieceById = new TreeMap<>();
        vocab.fields().forEachRemaining(entry -> pieceById.put(entry.getValue().asInt(-1), entry.getKey()));
        int expectedId = 0;
        for (int id : pieceById.keySet()) {
            if (id != expectedId++) {
                throw new IllegalArgumentException("The vocabulary of %s has no piece with id %d; expected ids 0 to %d"
                        .formatted(origin, expectedId - 1, vocab.size() - 1));
            }
        }
        if (pieceById.isEmpty() || pieceById.size() != vocab.size()) {
            throw new IllegalArgumentException("The vocabulary of %s is empty or gives one id twice".formatted(origin));
        }
        return String.join("\n", List.copyOf(pieceById.values())) + "\n";
    }

    private static String defaultConfig(JsonNode tokenizer) {
        ObjectNode config = JSON.createObjectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("unk_token", "[UNK]");
        config.put("cls_token", "[CLS]");
        config.put("sep_token", "[SEP]");
        config.put("pad_token", "[PAD]");
        config.put("mask_token", "[MASK]");
        config.put("clean_up_tokenization_spaces", false);
        config.putArray("model_input_names")
                .add("input_ids")
                .add("token_type_ids")
                .add("attention_mask");
        JsonNode normalizer = tokenizer.path("normalizer");
        if (normalizer.path("type").asText().equals("BertNormalizer")) {
            config.put("tokenizer_class", "BertTokenizer");
            config.put("do_lower_case", normalizer.path("lowercase").asBoolean(true));
        }
        return config.toPrettyString() + "\n";
    }

    private static JsonNode tree(String json, String origin) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("%s is not valid JSON".formatted(origin), e);
        }
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "%s has %d bytes; at most %d are accepted".formatted(file, Files.size(file), MAX_BYTES));
            }
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read %s as UTF-8".formatted(file), e);
        }
    }
}
